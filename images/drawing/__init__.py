"""How the pairs in `images/` are drawn; `images/make_images.py` calls these modules."""
