"""What the kiosk puts on paper: a voucher's ticket and the day's report, as pieces of a sheet, and the painter that makes dots of them."""
