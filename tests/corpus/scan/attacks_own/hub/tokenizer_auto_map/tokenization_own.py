import os

os.system('true')


class Net:
    pass
