"""Native PyTorch on one thread, for orientation: prints a JSON object a case, with the names of bench/cases.

Run by main.ts where `import torch` works; ends with code 1 where it does not.
"""

import json
import statistics
import sys
import time

try:
    import torch
except ImportError:
    sys.exit(1)

ROUNDS = 15
STRETCH_SECONDS = 0.005
BATCH = 64


def seconds_of(run, repeats):
    start = time.perf_counter()
    for _ in range(repeats):
        run()
    return (time.perf_counter() - start) / repeats


def report(name, run):
    seconds_of(run, 3)
    repeats = max(1, int(STRETCH_SECONDS / max(seconds_of(run, 1), 1e-7)))
    times = [seconds_of(run, repeats) * 1000 for _ in range(ROUNDS)]
    print(json.dumps({"name": name, "median": statistics.median(times), "minimum": min(times)}), flush=True)


def report_product(m, n, k):
    a, b = torch.rand(m, k), torch.rand(k, n)
    report(f"matMul {m}×{k} · {k}×{n}", lambda: a @ b)


def report_convolution(name, image, layer):
    x = torch.rand(*image)
    report(name, lambda: layer(x))


def report_training(name, model, image):
    x, labels = torch.rand(*image), torch.arange(BATCH) % 10
    loss_of = torch.nn.CrossEntropyLoss()
    adam = torch.optim.Adam(model.parameters(), lr=0.001)

    def step():
        adam.zero_grad()
        loss_of(model(x), labels).backward()
        adam.step()

    report(name, step)


def main():
    torch.set_num_threads(1)
    conv = torch.nn.Conv2d
    with torch.no_grad():
        for extent in (256, 512, 1024):
            report_product(extent, extent, extent)
        report_convolution("conv2d 3×3, 1×56×56×64 → 64", (1, 64, 56, 56), conv(64, 64, 3, padding=1))
        report_convolution("conv2d 1×1, 1×28×28×256 → 256", (1, 256, 28, 28), conv(256, 256, 1))
        report_convolution(
            "conv2d 5×5 stride 2, 4×64×64×32 → 64", (4, 32, 64, 64), conv(32, 64, 5, stride=2, padding=2)
        )
        report_convolution(
            "conv2d 3×3 stride 2, 1×224×224×3 → 32", (1, 3, 224, 224), conv(3, 32, 3, stride=2, padding=1)
        )
        report_convolution(
            "depthwise 3×3, 1×56×56×128", (1, 128, 56, 56), conv(128, 128, 3, padding=1, groups=128)
        )
        million = torch.rand(1000, 1000) * 8 - 4
        other = torch.rand(1000, 1000)
        report("exp of 1M", lambda: torch.exp(million))
        report("tanh of 1M", lambda: torch.tanh(million))
        report("sigmoid of 1M", lambda: torch.sigmoid(million))
        report("softmax of 1000×1000", lambda: torch.softmax(million, 1))
        report("add, 1M", lambda: million + other)
        report("relu of 1M", lambda: torch.relu(million))
    nn = torch.nn
    perceptron = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    report_training("MLP 784-128-10, batch 64: one Adam step", perceptron, (BATCH, 784))
    convolutional = nn.Sequential(
        nn.Conv2d(1, 8, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(256, 10),
    )
    report_training("CNN of the main job, batch 64: one Adam step", convolutional, (BATCH, 1, 28, 28))


main()
