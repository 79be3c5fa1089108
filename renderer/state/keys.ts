/** The keys of the window, as Windows has them everywhere. What a list, a field or a dialog does with its own keys comes first. */
import { api } from '../api.js';
import { app } from './app.svelte.js';
import { route } from './route.svelte.js';
import { zoomAfter } from './zoom.js';

/** Alt and left, the key for it, or the button of the mouse. */
export const isBack = (event: KeyboardEvent | MouseEvent): boolean =>
  'key' in event
    ? event.key === 'BrowserBack' || (event.altKey && !event.ctrlKey && !event.shiftKey && event.key === 'ArrowLeft')
    : event.button === 3;

/** Something lies over the page, and has its own keys. */
export const isCovered = (): boolean =>
  document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;

/** A wizard asks before it is left: its keys are in Leave.svelte. */
const isWizard = (): boolean => ['wizard', 'run', 'undo'].includes(route.now.page);

export function pressInWindow(event: KeyboardEvent): void {
  const act = actOf(event);
  if (event.defaultPrevented || !act) return;
  event.preventDefault();
  act();
}

export function clickInWindow(event: MouseEvent): void {
  if (isBack(event) && !isCovered() && !isWizard()) route.back();
}

function actOf(event: KeyboardEvent): (() => void) | undefined {
  const { key, altKey, shiftKey } = event;
  const isControl = event.ctrlKey && !altKey;
  const zoom = isControl ? zoomAfter(app.state?.settings.zoom ?? 100, key) : undefined;
  if (zoom !== undefined) return () => void api.settings({ zoom });
  if (isCovered()) return undefined;
  if (key === 'F5' && !event.ctrlKey && !altKey && !shiftKey) return () => void api.refresh();
  if (isWizard()) return undefined;
  if (isControl && !shiftKey && key.toLowerCase() === 'f') return () => route.find();
  if (isControl && key === ',') return () => route.go({ page: 'settings' });
  return isBack(event) ? () => route.back() : undefined;
}
