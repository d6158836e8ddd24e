"""Hearing: from the packets of a call's members to what each of them said, as sound."""
