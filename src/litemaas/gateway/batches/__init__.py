"""`/v1/files` and `/v1/batches`: many calls in one file, answered within a day by an upstream that offers it.

A file lies at one deployment, and so does what is made of it; `UpstreamObjects` knows at which, and whose it is, so
that nobody sees another's. `choosing` finds the deployment of a new file, `lines` lets its calls name only that model,
`settling` books what a batch has cost when it is first seen finished: before that, nobody can have its results.
"""
