"""Verify files on their own: the proof, the law it quotes, its facts in their files, and the page made again."""
