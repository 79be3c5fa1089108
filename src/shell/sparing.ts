/**
 * Whether the page may open something outside of the window: a prompt of Windows, a dialog, vmconnect. A press of a person that
 * main has seen allows one. Without a press three a minute are allowed, for screen readers press without mouse or key; a page
 * that was taken over gets no more either.
 */
const UNPRESSED = 3;
const MINUTE = 60_000;

export class Sparing {
  #isPressed = false;
  #unpressed: number[] = [];

  /** `now` in milliseconds, of a clock that nobody sets. */
  constructor(private readonly now: () => number) {}

  /** A person has clicked, touched or pressed a key in the window. */
  pressed(): void {
    this.#isPressed = true;
  }

  mayOpen(): boolean {
    if (this.#isPressed) {
      this.#isPressed = false;
      return true;
    }
    const now = this.now();
    this.#unpressed = this.#unpressed.filter((at) => now - at < MINUTE);
    if (this.#unpressed.length >= UNPRESSED) return false;
    this.#unpressed.push(now);
    return true;
  }
}
