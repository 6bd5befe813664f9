"""One rule a file: `POLICY`, with its good, bad and unknown samples."""
