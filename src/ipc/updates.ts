/** A newer version of the app: what is known of it. Where nobody has named a repository, or on a system without an installer, nothing is. */

/** Pages of Microsoft with images to install from, free for a time. */
export const evaluations = ['get-windows-11', 'get-windows-server', 'get-development'] as const;
export type Evaluation = (typeof evaluations)[number];

/** What the window opens outside: files beside the app, pages of the repository, and of Microsoft. */
export const opened = ['license', 'notices', 'repository', 'releases', ...evaluations] as const;
export type Opened = (typeof opened)[number];

export const updateActs = ['look', 'install'] as const;
export type UpdateAct = (typeof updateActs)[number];

/** `never` looks for none; `tell` says that one is there; `install` fetches it too, and installs it when nothing runs. */
export const updateWishes = ['never', 'tell', 'install'] as const;
export type UpdateWish = (typeof updateWishes)[number];

export interface Updating {
  /** Whether this copy can install one by itself: one for all users, that its user cannot write, cannot. */
  readonly installs: boolean;
  readonly found: UpdateState;
}

export type UpdateState =
  | { readonly kind: 'not-looked' | 'looking' }
  /** `at`: ISO 8601. */
  | { readonly kind: 'current'; readonly at: string }
  | { readonly kind: 'newer' | 'fetching' | 'ready'; readonly version: string }
  /** `damaged`: what came is not what was published. */
  | { readonly kind: 'failed'; readonly why: 'not-reached' | 'not-fetched' | 'damaged'; readonly at: string };
