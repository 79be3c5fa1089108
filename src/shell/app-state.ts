/** All that the window is told, as one value, and where each change of it goes. */
import type { AppState } from '../ipc/schema.js';

export class AppStore {
  #state: AppState;

  constructor(
    first: AppState,
    /** Only what has changed. */
    private readonly changed: (change: Partial<AppState>) => void,
  ) {
    this.#state = first;
  }

  get state(): AppState {
    return this.#state;
  }

  change(change: Partial<AppState>): void {
    this.#state = { ...this.#state, ...change };
    this.changed(change);
  }

  /** For what reaches the window in a smaller form, as a patch or an event. */
  keep(change: Partial<AppState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

/** The languages of the system in the order of the person's liking; what we do not speak is skipped. */
export function languageFor(setting: 'system' | 'en' | 'zh-CN', preferred: readonly string[]): 'en' | 'zh-CN' {
  if (setting !== 'system') return setting;
  for (const tag of preferred) {
    const [language] = tag.toLowerCase().split(/[-_]/);
    if (language === 'zh') return 'zh-CN';
    if (language === 'en') return 'en';
  }
  return 'en';
}
