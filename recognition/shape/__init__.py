"""What lies in the chamber, by its outline: is anything there, one thing or two, of which form, how long, still or moving. Values in, values out."""
