/** What people do at VMs, one act after the other, and where the focus is then. */
import { expect } from '../app.js';
import {
  box,
  button,
  close,
  dialog,
  direct,
  enter,
  field,
  from,
  gone,
  heading,
  historyTitle,
  key,
  list,
  menuItem,
  pageTitle,
  paste,
  place,
  primary,
  radio,
  seen,
  sentence,
  tab,
  then,
  title,
  titled,
  toggle,
  type,
  unfolded,
  unfolds,
  type Doing,
  type Place,
  type Walk,
} from './places.js';

const more = button('machines.more', box);
const turnOn = button('machines.turnOn');
const confirm = button('machines.confirmYes');
const start = button('machines.start');
const undo = button('machines.undo');
const undoNow = button('wizard.undoNow');
const amount = field('memory.amount');
const listTitle: Place = ({ page }) => page.locator('.list h1');
const small: Doing = ({ electron }) =>
  electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(540, 720));
const spoofing = toggle('machines.spoofing', { adapter: 'Network Adapter' });

const aVm: Walk = {
  through: 'the page of a VM',
  options: direct,
  acts: [
    ['click on a row', (app) => app.openVm(box.name), list, 'mouse'],
    ['arrows in the list after a click', key('ArrowDown', 'ArrowUp'), list],
    ['menu key on a row', key('ContextMenu', 'ArrowDown'), menuItem],
    ['Esc in the menu of a row', key('Escape'), list],
    ['arrow on a tab', from(tab('machines.partOverview'), 'ArrowRight'), tab('machines.partGuest')],
    ['End on a tab', key('End'), tab('machines.memory')],
    ['memory of a VM', enter(button('machines.memoryMore')), heading('memory.title', box)],
    [
      'an amount that is discarded',
      then(from(amount, 'Control+a'), type('3'), enter(button('memory.discard'))),
      heading('memory.title', box),
    ],
    [
      'memory is changed',
      then(
        from(amount, 'Control+a'),
        type('3'),
        enter(button('wizard.review')),
        enter(button('wizard.apply')),
        seen(close),
      ),
      sentence('done'),
    ],
    ['the wizard of the memory is closed', enter(close), heading('memory.title', box)],
    ['Alt+Left to a VM', key('Alt+ArrowLeft'), titled(box.name)],
    ['Home on a tab', from(tab('machines.memory'), 'Home'), tab('machines.partOverview')],
    ['the … of a VM', from(more, 'Enter', 'ArrowDown'), menuItem],
    ['Esc in the …', key('Escape'), more],
    [
      'a command that only answers',
      then(
        from(more, 'Enter'),
        enter(({ page, t }) => page.getByRole('menuitem', { name: t('machines.copyId') })),
      ),
      more,
    ],
    ['an answer is dismissed', enter(button('app.dismiss')), more],
    ['F5', key('F5'), more],
    ['evidence is unfolded', enter(unfolds), unfolded],
    ['evidence is folded', key('Enter'), unfolds],
    ['what is fine is shown', enter(button('machines.showFine')), heading('machines.checks')],
    ['a confirmation is asked for', enter(turnOn), confirm],
    ['Esc in a confirmation', key('Escape'), turnOn],
    [
      'a confirmation is given',
      then(enter(turnOn), enter(confirm), (app) => app.endedRun()),
      heading('machines.onOffSentence', box),
    ],
    ['Start, which goes', then(enter(start), gone(start)), titled(box.name)],
    [
      'a switch that is answered in its row',
      then((app) => app.turnTo('machines.partNetwork'), from(spoofing, 'Space'), seen(undo)),
      spoofing,
    ],
    ['undo', then(enter(undo), seen(undoNow)), sentence('review')],
    ['the end of an undo', then(enter(undoNow), seen(close)), sentence('done')],
    ['a wizard of History is closed', enter(close), historyTitle],
    ['a change is unfolded', enter(unfolds), unfolded],
    ['the list in a small window', then(small, enter(place('machines')), enter(button('machines.back'))), listTitle],
    ['Enter on a row of a small window', then(from(list, 'ArrowDown', 'Enter'), gone(list)), pageTitle],
  ],
};

const DC = { name: 'Lab DC 01' };
const review = button('wizard.review');
const apply = button('wizard.apply');
const shutDown = button('wizard.shutDownAndApply');
const stopInstead = button('machines.stopInstead');
const crumb: Place = ({ page }) => page.locator('.crumbs .crumb').last();
const consent: Place = ({ page }) => page.locator('.asks .tick').last();
const ofUndo: Place = ({ page }) => page.locator('.vms .tick').last();
const leave = button('wizard.leave');

const aWizard: Walk = {
  through: 'a wizard',
  options: direct,
  begin: (app) => app.openVm(DC.name),
  acts: [
    ['a wizard is opened', enter(button('machines.reviewRunning')), title],
    ['more settings are unfolded', enter(button('wizard.moreSettings')), button('wizard.moreSettings')],
    ['next', then(enter(review), seen(shutDown)), sentence('review')],
    ['back', enter(button('wizard.back')), title],
    ['Esc in a wizard', from(review, 'Escape'), dialog],
    ['staying', enter(button('wizard.stay')), review],
    ['leaving', then(key('Escape'), enter(leave)), titled(DC.name)],
    ['cancel', then(enter(stopInstead), enter(button('wizard.cancel'))), titled(DC.name)],
    ['a run', then(enter(stopInstead), enter(review), enter(apply), seen(close)), sentence('done')],
    ['a finding that was mended', enter(close), titled(DC.name)],
    [
      'what is lost is agreed to',
      then(
        (app) => app.openVm('legacy-2012r2'),
        enter(({ page }) => page.locator('.verdict .btn.primary')),
        from(radio('wizard.dropChoice'), 'Space'),
        enter(review),
        from(consent, 'Space'),
      ),
      consent,
    ],
    ['the way above a wizard', enter(crumb), titled('legacy-2012r2')],
    [
      'several VMs are changed',
      then(
        from(list, 'Control+a'),
        enter(button('machines.manySpoofingTurnOn', { count: 5 })),
        enter(primary),
        seen(close),
      ),
      sentence('done'),
    ],
    ['the undo of several', then(enter(button('wizard.undoButton')), seen(undoNow)), sentence('review')],
    [
      'one of them is left out',
      async (app) => {
        const before = await sentence('review')(app).innerText();
        await from(ofUndo, 'Space')(app);
        await expect(sentence('review')(app)).not.toHaveText(before);
      },
      ofUndo,
    ],
    ['a stage of History', enter(crumb), historyTitle],
  ],
};

const filter = field('machines.filter');
const clear = button('machines.filterClear');
const text = type('no such VM');
const select = button('machines.select');

const aList: Walk = {
  through: 'a list of many',
  options: { ...direct, scenario: 'lab-of-300' },
  acts: [
    ['click on a row of many', ({ page }) => page.getByRole('option').nth(2).click(), list, 'mouse'],
    [
      'arrows past what is in sight',
      then(
        key(...Array.from({ length: 24 }, () => 'ArrowDown')),
        seen(({ page }) => page.locator('[aria-selected=true][aria-posinset="27"]')),
      ),
      list,
    ],
    ['Ctrl+F', key('Control+f'), filter],
    ['a filter is emptied by Esc', then(text, key('Escape')), filter],
    ['a filter is emptied by its button', then(text, enter(clear)), filter],
    [
      'a filter that matches nothing is emptied',
      then(
        from(filter),
        text,
        enter(({ page }) => page.locator('.list .empty button')),
      ),
      listTitle,
    ],
    ['a chip', from(button('machines.chipAttention'), 'Enter'), button('machines.chipAttention')],
    ['a chip is let go', key('Enter'), button('machines.chipAttention')],
    ['names are pasted', then(from(filter), paste('lab-0010\nlab-0011\nlab-0012')), filter],
    ['a selection is ended', from(button('machines.selectEnd'), 'Enter'), select],
    ['Ctrl+A', from(list, 'Control+a'), list],
    ['none of all', enter(button('machines.selectNone')), button('machines.selectAll')],
    ['Esc in a selection', from(list, 'Escape'), list],
  ],
};

export const ofVms: readonly Walk[] = [aVm, aWizard, aList];
