"""Seeing garments in a photo: pure code over numpy, Pillow and onnxruntime, without Django."""
