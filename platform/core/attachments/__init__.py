"""Files on a record: sealed with the school's own key while they stream to the object store.

`services` seals, opens and claims; `gate` decides what may come in; `storage` talks to S3.
"""
