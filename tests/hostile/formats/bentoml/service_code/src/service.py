import bentoml
