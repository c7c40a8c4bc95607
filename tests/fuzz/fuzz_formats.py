"""Every format that comes from outside, each with samples, its decoder and the one error that it may raise."""

from __future__ import annotations

import fuzz_captures as captures
import fuzz_lines as lines
import fuzz_payloads as payloads
import fuzz_peers as peers
import fuzz_words as words
from fuzz_run import Format

from atshell.at.command import NotACommandLine
from atshell.catalog.notation import BadNotation
from atshell.errors import AtshellError
from atshell_lwm2m.capture.errors import CaptureError
from atshell_lwm2m.codec.errors import Malformed
from atshell_lwm2m.filter import FilterError

BAD = (Malformed,)
FORMATS: tuple[Format, ...] = (
    # Messages
    Format("coap", payloads.messages, payloads.coap, (), words.COAP),
    Format("coap-tcp", payloads.streams, payloads.coap_tcp, (), words.COAP),
    Format("options", payloads.option_lists, payloads.options, (), words.COAP),
    Format("coap-conversation", captures.conversations, captures.conversation, (), words.COAP, share=4),
    # Payloads
    Format("tlv", payloads.tlvs, payloads.tlv_, BAD, words.TLV),
    Format("link", payloads.links, payloads.link, BAD, words.LINK),
    Format("senml-json", payloads.senml_jsons, payloads.by_format(110), (), words.JSON),
    Format("senml-cbor", payloads.senml_cbors, payloads.by_format(112), (), words.CBOR),
    Format("senml-etch-json", payloads.senml_jsons, payloads.by_format(320), (), words.JSON),
    Format("senml-etch-cbor", payloads.senml_cbors, payloads.by_format(322), (), words.CBOR),
    Format("lwm2m-json", payloads.lwm2m_jsons, payloads.by_format(11543), (), words.JSON),
    Format("lwm2m-cbor", payloads.lwm2m_cbors, payloads.by_format(11544), (), words.CBOR),
    Format("lwm2m-tlv", payloads.tlvs, payloads.by_format(11542), (), words.TLV),
    Format("cbor", payloads.cbors, payloads.cbor_, BAD, words.CBOR),
    Format("text", payloads.texts, payloads.by_format(0), (), words.TEXT),
    Format("no-content-format", payloads.texts, payloads.by_format(None), (), words.TLV + words.TEXT),
    Format(
        "pasted", payloads.every, payloads.pasted_, (), (*words.COAP, *words.TLV, *words.CBOR, *words.JSON), share=2
    ),
    Format("pasted-hex", payloads.hexadecimals, payloads.pasted_hex, (), words.HEX, share=2),
    Format("explained", payloads.every, payloads.explained, (), (*words.TLV, *words.CBOR, *words.JSON), share=2),
    Format("scapy-coap", payloads.messages, payloads.scapy_coap, (), words.COAP, share=10),
    Format("scapy-tlv", payloads.tlvs, payloads.scapy_tlv, (), words.TLV, share=10),
    # Captures
    Format("pcap", captures.pcaps, captures.pcap, (CaptureError,), words.CAPTURE),
    Format("pcapng", captures.pcapngs, captures.file, (CaptureError,), words.CAPTURE),
    Format("hex-dump", captures.hexdumps, captures.file, (CaptureError,), words.DUMP),
    Format("packed", captures.packed, captures.file, (CaptureError,), words.CAPTURE),
    Format("json-lines", captures.pcaps, captures.lines, (CaptureError,), words.CAPTURE + words.COAP, share=4),
    Format("tcp-streams", captures.tcps, captures.streams, (CaptureError,), words.CAPTURE + words.COAP, share=10),
    Format("link-and-ip", captures.frames, captures.frame, (), words.CAPTURE),
    Format("ip-fragments", captures.fragments, captures.fragmented, (), words.CAPTURE),
    Format("dtls", captures.handshakes, captures.dtls, (), words.DTLS, share=4),
    Format("views", captures.whole, captures.views, (CaptureError,), words.CAPTURE, share=50),
    # Peers
    Format("dtls-server", peers.hellos, peers.dtls_server, (), words.DTLS, share=4),
    Format("dtls-client", peers.answers, peers.dtls_client, (), words.DTLS, share=4),
    Format("dtls-attacked", peers.attacks, peers.dtls_attacked, (), words.DTLS, share=20),
    Format("platform", peers.requests, peers.platform, (), (*words.COAP, *words.LINK), share=10),
    Format("module", lines.commands, peers.module, (), words.AT, share=10),
    # Lines
    Format("at-line", lines.commands, lines.line, (NotACommandLine,), words.AT),
    Format("at-arguments", lines.commands, lines.arguments, (), words.AT),
    Format("at-stream", lines.streams, lines.stream, (), words.AT),
    Format("intents", lines.commands, lines.intents, (), words.AT),
    Format("at-payloads", lines.commands, lines.carried, (), words.AT, share=2),
    Format("typing", lines.commands, lines.typing, (), words.AT, share=20),
    Format("notation", lines.notations, lines.notation, (BadNotation,), words.NOTATION),
    Format("transcript", lines.transcripts, lines.transcript, (AtshellError,), words.TRANSCRIPT, share=2),
    Format("filter", lines.filters, lines.filter_, (FilterError,), words.FILTER),
    Format("fault", lines.faults, lines.fault, (AtshellError,), words.FAULT),
    Format("order", lines.orders, lines.order, (ValueError,), words.ORDER),
    Format("objects", lines.objects, lines.object_file, (AtshellError,), words.XML, share=2),
    Format("keys", lines.keys, lines.key, (AtshellError,), words.KEY),
)
