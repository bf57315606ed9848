"""From ``policy/`` to rules with labels, authorities and a vocabulary."""
