from __future__ import annotations

import subprocess
import sys

import pytest
from OpenSSL import SSL

from atshell_lwm2m.endpoint.dtls import binding


def test_contexts_are_shared():
    assert binding.client_context() is binding.client_context()
    assert binding.server_context() is not binding.client_context()


def test_a_connection_speaks_dtls_1_2_alone():
    made = binding.connection(binding.client_context(), None)
    made.set_connect_state()
    with pytest.raises(SSL.WantReadError):
        made.do_handshake()
    assert made.get_protocol_version() == binding.DTLS12


MISSING = """
import sys
from cryptography.hazmat.bindings.openssl.binding import Binding
class Lib:
    def __getattr__(self, name):
        if name == "SSL_CTX_set_psk_server_callback":
            raise AttributeError(name)
        return getattr(library, name)
library, Binding.lib = Binding.lib, Lib()
from atshell.errors import AtshellError
try:
    import atshell_lwm2m.endpoint.dtls.binding
except AtshellError as error:
    print(error)
"""


def test_a_library_without_the_callbacks_is_named():
    said = subprocess.run([sys.executable, "-c", MISSING], capture_output=True, text=True, check=True).stdout
    assert said.startswith("pyOpenSSL ")
    assert "install" in said


LAZY = """
import sys
import atshell_lwm2m.endpoint.dtls.client, atshell_lwm2m.endpoint.dtls.server, atshell_lwm2m.endpoint.world
print("OpenSSL" in sys.modules)
"""


def test_openssl_is_loaded_late():
    said = subprocess.run([sys.executable, "-c", LAZY], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "False"
