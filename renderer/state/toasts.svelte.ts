/** What is said in passing: below in the window, for eight seconds that nobody points at it or is in it, or until it is answered. */
interface Toast {
  readonly id: number;
  readonly text: string;
  readonly verdict: 'ok' | 'warning' | 'blocker';
  /** One thing to do about it. */
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}
export type { Toast };

type Hold = 'pointer' | 'focus';

class Toasts {
  now = $state.raw<readonly Toast[]>([]);
  #next = 1;
  readonly #held = new Set<Hold>();
  readonly #ends = new Map<number, ReturnType<typeof setTimeout>>();

  say(toast: Omit<Toast, 'id'>): void {
    const id = this.#next++;
    this.now = [...this.now.slice(-2), { ...toast, id }];
    if (this.#held.size === 0) this.#endLater(id);
  }

  /** None ends as long as somebody reads. */
  hold(by: Hold): void {
    this.#held.add(by);
    for (const timer of this.#ends.values()) clearTimeout(timer);
  }

  release(by: Hold): void {
    if (this.#held.delete(by) && this.#held.size === 0) for (const { id } of this.now) this.#endLater(id);
  }

  #endLater(id: number): void {
    this.#ends.set(
      id,
      setTimeout(() => this.end(id), 8000),
    );
  }

  end(id: number): void {
    clearTimeout(this.#ends.get(id));
    this.#ends.delete(id);
    // What had the focus, or was pointed at, goes without saying so.
    if (this.now.length === 1) this.#held.clear();
    this.now = this.now.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
