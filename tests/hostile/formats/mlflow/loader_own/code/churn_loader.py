def _load_pyfunc(path):
    return None
