import bentoml


@bentoml.service
class Classifier:
    model = bentoml.models.BentoModel("classifier:1")

    @bentoml.api
    def predict(self, rows: list[list[float]]) -> list[int]:
        return self.model.predict(rows)
