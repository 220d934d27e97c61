"""What the office reads: figures, summaries, points, costs."""
