/** Toasts: shown when nobody looks at the window and the person has not turned them off. */
import { Notification } from 'electron';
import type { Toast, ToastTarget } from './toasts.js';

interface Options {
  readonly isWanted: () => boolean;
  readonly isLookedAt: () => boolean;
  readonly go: (target: ToastTarget) => void;
}

/** Until it is clicked or gone: a notification that is collected never says that it was clicked. */
const shown = new Set<Notification>();

/** `always`: it answers a click of just now, in the tray, so it is said even when toasts of their own accord are off. */
export function showToast(toast: Toast, options: Options, always = false): void {
  if (options.isLookedAt() || (!always && !options.isWanted())) return;
  const { action } = toast;
  const notification = new Notification({
    title: toast.title,
    body: toast.body,
    // Not everywhere are there buttons; a click on the toast leads to the same place.
    ...(action ? { actions: [{ type: 'button', text: action.label }] } : {}),
  });
  shown.add(notification);
  const gone = (): unknown => shown.delete(notification);
  notification.on('click', () => {
    gone();
    options.go(toast.click);
  });
  notification.on('action', () => {
    gone();
    if (action) options.go(action.target);
  });
  notification.on('close', gone);
  notification.on('failed', gone);
  notification.show();
}
