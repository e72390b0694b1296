"""Calls whose requests are forms with files: transcriptions, translations, image edits, and files for batches.

A form is read to the disk first, whole: `reading` takes it apart, `spooling` keeps the files, `writing` puts it
together anew for the upstream, with the upstream's name of the model, wherever in the form that stands. So a slow
client occupies no model, the size is known when money is set aside, a deployment that fails can be followed by another
one, and the upstream sees exactly what we have understood. Memory holds some pieces of a file, never the file.
"""
