/** One at a time for each key, in the order in which they asked. */
export class Locks<Key = void> {
  readonly #held = new Map<Key, Promise<void>>();

  /** Begins once it is free, whatever became of those before. */
  inTurn<Answer>(act: () => Promise<Answer>, key: Key): Promise<Answer> {
    const answer = (this.#held.get(key) ?? Promise.resolve()).then(act);
    const leave = (): void => {
      if (this.#held.get(key) === ended) this.#held.delete(key);
    };
    const ended: Promise<void> = answer.then(leave, leave);
    this.#held.set(key, ended);
    return answer;
  }

  /** Resolves when it is free, with what gives it free again. */
  take(key: Key): Promise<() => void> {
    return new Promise((taken) => void this.inTurn(() => new Promise<void>(taken), key));
  }
}
