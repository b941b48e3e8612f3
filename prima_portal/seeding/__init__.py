"""Demo data: invented, deterministic for a seed, and alive. Used by `seed_demo` alone."""
