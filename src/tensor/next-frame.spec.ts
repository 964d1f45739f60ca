import * as dl from 'rxtensor/tensor';

describe('nextFrame', () => {
  it('gives the event loop its turn', async () => {
    let turned = false;
    setTimeout(() => (turned = true));
    await new Promise((resolve) => setTimeout(resolve, 2));
    await dl.nextFrame();
    expect(turned).toBeTrue();
  });
});
