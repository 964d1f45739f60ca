/**
 * Lets a spec end the tracks of a stream, as they end when a camera is unplugged, without stop(). Call it before the stream is read. Firefox hands no event that
 * a script made to listeners of a track, so there they are called by hand.
 *
 * @returns a function that ends them
 */
export function tracksThatEnd(stream: MediaStream): () => void {
  const isFirefox = navigator.userAgent.includes('Firefox');
  const listeners: EventListener[] = [];
  for (const track of isFirefox ? stream.getTracks() : [])
    spyOn(track, 'addEventListener').and.callFake((type: string, listener: unknown) => {
      if (type === 'ended') listeners.push(listener as EventListener);
    });
  return () => {
    const ended = new Event('ended');
    if (isFirefox) for (const listener of listeners) listener(ended);
    else for (const track of stream.getTracks()) track.dispatchEvent(ended);
  };
}
