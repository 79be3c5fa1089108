/** What is said in passing: below in the window, for eight seconds or until it is answered. */
interface Toast {
  readonly id: number;
  readonly text: string;
  readonly verdict: 'ok' | 'warning' | 'blocker';
  /** One thing to do about it. */
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}
export type { Toast };

class Toasts {
  now = $state.raw<readonly Toast[]>([]);
  #next = 1;

  say(toast: Omit<Toast, 'id'>): void {
    const id = this.#next++;
    this.now = [...this.now.slice(-2), { ...toast, id }];
    setTimeout(() => this.end(id), 8000);
  }

  end(id: number): void {
    this.now = this.now.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
