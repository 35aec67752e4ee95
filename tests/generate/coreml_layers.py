"""Writes what Core ML's protobuf definitions say of the layers of neural networks, as coremltools ships them.

    python tests/generate/coreml_layers.py > modelium-core/src/formats/coreml/generated/layers.tsv

One line for each layer: the number of its field, its name, and the paths of fields that lead to its weights.
"""

from coremltools.proto import NeuralNetwork_pb2


def weights(message, depth=0):
    paths = []
    for field in message.fields:
        if field.message_type is None or depth > 2:
            continue
        if field.message_type.name == "WeightParams":
            paths.append([f"{field.number}:{field.name}"])
        elif field.message_type.name != message.name and "Network" not in field.message_type.name:
            paths += [[f"{field.number}:{field.name}", *path] for path in weights(field.message_type, depth + 1)]
    return paths


for layer in NeuralNetwork_pb2.NeuralNetworkLayer.DESCRIPTOR.oneofs_by_name["layer"].fields:
    paths = ["/".join(path) for path in weights(layer.message_type)]
    print(f"{layer.number}\t{layer.name}\t{' '.join(paths)}")
