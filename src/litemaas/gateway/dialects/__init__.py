"""Translates other ways of asking into chats, and chats back: pure functions and readers, no I/O.

`chat` is what all of them translate from and to; `messages` is Anthropic's API, `responses` OpenAI's newer one. Where a
body asks for something that a chat cannot do, it is refused in a sentence: nothing is left out silently that the answer
depends on.
"""
