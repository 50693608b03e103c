"""The technician's pages: what a person kneels before, an open door beside them and one hand free."""
