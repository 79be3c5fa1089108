/** One at a time for each key, in the order in which they asked. */
export class Locks<Key> {
  readonly #held = new Map<Key, Promise<void>>();

  /** Resolves when it is free, with what gives it free again. */
  async take(key: Key): Promise<() => void> {
    const before = this.#held.get(key) ?? Promise.resolve();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const mine = before.then(() => held);
    this.#held.set(key, mine);
    await before;
    return () => {
      release();
      if (this.#held.get(key) === mine) this.#held.delete(key);
    };
  }
}
