"""DAVE, Discord's end-to-end encryption of calls: https://daveprotocol.com.

`protocol.py` follows the voice gateway's messages. What they mean for the keys is done by a library behind
`mls_session.py`: davey or libdave.
"""
