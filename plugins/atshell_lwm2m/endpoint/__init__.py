"""The live side: a LwM2M client and a platform that speak CoAP over UDP through aiocoap.

Import nothing from here before it is needed: aiocoap takes a noticeable part of a second to load.
"""
