/** Toasts of Windows. What they say, and whether they are said, is decided by toasts.ts. */
import { app, Notification } from 'electron';
import { linkScheme } from '../core/machine/link.js';
import { isLinked, toastXml, type Toast, type ToastTarget } from './toasts.js';

const hasLinks = (): boolean =>
  isLinked(process.platform, {
    isPackaged: app.isPackaged,
    handler: app.getApplicationNameForProtocol(`${linkScheme}://`),
  });

/** Until it is clicked or gone: a notification that is collected never says that it was clicked. */
const shown = new Set<Notification>();

export function showToast(toast: Toast, go: (target: ToastTarget) => void): void {
  const { action } = toast;
  const notification = new Notification({
    title: toast.title,
    body: toast.body,
    // Not everywhere are there buttons; a click on the toast leads to the same place.
    ...(hasLinks() ? { toastXml: toastXml(toast) } : {}),
    ...(action ? { actions: [{ type: 'button', text: action.label }] } : {}),
  });
  shown.add(notification);
  const gone = (): unknown => shown.delete(notification);
  notification.on('click', () => {
    gone();
    go(toast.click);
  });
  notification.on('action', () => {
    gone();
    if (action) go(action.target);
  });
  notification.on('close', gone);
  notification.on('failed', gone);
  notification.show();
}
