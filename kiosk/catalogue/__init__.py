"""What this kiosk knows of products: staff's own entries before the list that it carries, and which codes nobody knows. The list itself is ``recognition/catalogue``'s."""
