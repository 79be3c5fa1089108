/** What the app says once, above its pages: files that it cannot use, and what Chromium has lost. */

/** Why a file cannot be read or written; `path` is what a person has to look at: the file, or what stands in its way. */
export type FileFault =
  | { readonly why: 'full' | 'read-only' | 'refused' | 'in-the-way' | 'not-encrypted'; readonly path: string }
  /** The code or the words of the system. */
  | { readonly why: 'other'; readonly path: string; readonly detail: string };

/** Files of the app that cannot be used: what they would hold is kept in memory meanwhile. */
const fileNotices = [
  'journal-unwritable',
  'settings-unreadable',
  'settings-unwritable',
  'accounts-unusable',
  'kept-changes-unusable',
  'tried-unusable',
  'log-unwritable',
] as const;
export type FileNotice = (typeof fileNotices)[number];

export const noticeKinds = [
  'settings-set-aside',
  'page-again',
  'without-gpu',
  'link',
  'installer-waits',
  ...fileNotices,
] as const;

/** Said once, dismissible: settings set aside, a run cut short … */
export type Notice =
  | { readonly kind: 'settings-set-aside'; readonly file: string }
  | { readonly kind: FileNotice; readonly fault: FileFault }
  /** The page has ended by itself, and this is a new one. */
  | { readonly kind: 'page-again' }
  /** This start is without graphics acceleration, since the process for it ended. */
  | { readonly kind: 'without-gpu' }
  /** The app was opened by a link that leads nowhere. */
  | { readonly kind: 'link'; readonly why: 'unreadable' | 'no-vm' | 'no-change' }
  /** The app ends when what runs has ended: it was asked to, for an update. */
  | { readonly kind: 'installer-waits' };
