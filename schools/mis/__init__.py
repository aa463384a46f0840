"""The school's pupils and staff as its management information system (MIS) exports them."""
