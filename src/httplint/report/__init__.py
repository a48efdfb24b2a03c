"""How findings are shown; reads the engine's data types only."""
