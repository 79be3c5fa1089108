/** What people do on the other pages, one act after the other, and where the focus is then. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileOf } from '../../../src/shell/journal.js';
import { firstLine, lineFor } from '../../../src/shell/journal-lines.js';
import { eventOf, headOf } from '../../unit/shell/a-record.js';
import { fillAccount, signIn } from '../inside-steps.js';
import {
  box,
  button,
  close,
  choice,
  dialog,
  direct,
  enter,
  field,
  from,
  gone,
  heading,
  historyTitle,
  key,
  menuItem,
  pageTitle,
  paste,
  place,
  radio,
  seen,
  sentence,
  then,
  titled,
  toggle,
  type,
  unfolds,
  type Doing,
  type Place,
  type Walk,
} from './places.js';

const english: Place = ({ page }) => page.getByRole('radio', { name: 'English' });
const keepIn = button('settings.problemKeepIn', { word: 'Z790' });
const error: Place = field('errors.field');

const pages: Walk = {
  through: 'the other pages',
  options: direct,
  begin: (app) => app.open('errors'),
  acts: [
    ['an error is pasted', then(from(error), paste('0x80370102')), error],
    ['an error is cleared', enter(button('errors.clear')), error],
    ['WSL says', enter(button('errors.seesWslOff')), heading('errors.nestingOff')],
    [
      'a symptom of several VMs',
      then(enter(button('errors.clear')), enter(button('errors.seesNoInternet'))),
      heading('errors.seesNoInternet'),
    ],
    ['another symptom', enter(button('errors.seesOther')), heading('errors.sees')],
    ['settings by their key', key('Control+,'), heading('settings.title')],
    ['a choice of the settings', from(radio('settings.themeLight'), 'ArrowRight'), radio('settings.themeDark')],
    ['a switch of the settings', from(toggle('settings.notifications'), 'Space'), toggle('settings.notifications')],
    ['the language', from(english, 'Space'), english],
    ['a report', enter(button('settings.problemOpen')), heading('settings.problemTitle')],
    [
      'a word is taken out of it',
      then(from(field('settings.problemMore')), type('Z790'), key('Enter'), seen(keepIn)),
      field('settings.problemMore'),
    ],
    ['a word is kept', then(enter(keepIn), gone(keepIn)), heading('settings.problemTakenOut')],
    ['a report is closed', enter(button('settings.problemBack')), button('settings.problemOpen')],
    ['a page of the rail', enter(place('host')), heading('host.fineSentence', { pc: 'DEV-PC' })],
    ['this PC is read again', enter(button('host.checkAgain')), button('host.checkAgain')],
    [
      'what is fine on this PC',
      enter((app) => app.button(app.t('machines.showFineOf', { list: app.t('host.groupProcessor') }))),
      heading('host.groupProcessor'),
    ],
    [
      'what it is about',
      then(
        enter(unfolds),
        enter(({ page, t }) => page.getByRole('button', { name: t('learn.more') }).first()),
      ),
      pageTitle,
    ],
    ['Alt+Left to this PC', key('Alt+ArrowLeft'), heading('host.fineSentence', { pc: 'DEV-PC' })],
  ],
};

const account = button('inside.signIn');
const signOut = button('inside.signOut');
const password = field('inside.password');
const guest = heading('inside.title');
const builder = '构建机';
const saved = { name: 'runner-b' };

const aGuest: Walk = {
  through: 'a guest',
  options: direct,
  begin: async (app) => {
    await app.openVm(builder);
    await app.turnTo('machines.partGuest');
  },
  acts: [
    ['an account is asked for', enter(account), field('inside.userName')],
    ['Esc in the account', key('Escape'), account],
    [
      'a wrong password',
      then(
        enter(account),
        (app) => fillAccount(app, 'builder', 'not it'),
        seen((app) => dialog(app).getByText(app.t('inside.causeWrong'))),
      ),
      password,
    ],
    ['the right password', then((app) => fillAccount(app, 'builder', 'build-01'), seen(signOut)), guest],
    [
      'a nested VM starts, whose button goes',
      then(enter(button('inside.startOf', saved)), seen(button('inside.shutDownOf', saved))),
      heading('inside.nested'),
    ],
    ['the … of a nested VM', from(button('inside.moreOf', saved), 'Enter', 'ArrowDown'), menuItem],
    ['Esc in the … of a nested VM', key('Escape'), button('inside.moreOf', saved)],
    ['signing out', then(enter(signOut), gone(signOut)), guest],
  ],
};

const tested: Doing = (app) => app.until(({ proof }) => proof !== null && proof.state !== 'running', 'tested');
const again = button('network.proofAgain');
const tryFrom = choice('network.proofFrom');

const aTest: Walk = {
  through: 'the test of a network',
  options: { ...direct, scenario: 'server-l1' },
  begin: async (app) => {
    await signIn(app);
    await app.turnTo('machines.partNetwork');
  },
  acts: [
    ['the end of a test', then(enter(button('network.testButton')), tested, seen(again)), pageTitle],
    ['from where is chosen', then(from(tryFrom, 'ArrowDown', 'ArrowDown'), tested, seen(again)), tryFrom],
    ['a test is begun again', then(enter(again), tested, seen(again)), pageTitle],
    ['a test is closed', enter(close), titled('lab')],
  ],
};

const next = button('setup.next');
const hyperV: Place = ({ page, t }) => page.getByRole('radio', { name: t('inside.hyperV') });

const setup: Walk = {
  through: 'the setup',
  options: { ...direct, fresh: true },
  acts: [
    ['a first start', (app) => app.ready(), heading('setup.purposeTitle')],
    ['something else to run', enter(button('inside.somethingElse')), field('inside.findOther')],
    ['what to run', from(hyperV, 'Space'), hyperV],
    ['next in the setup', enter(next), heading('setup.machineTitle')],
    ['back in the setup', enter(button('setup.back')), pageTitle],
    [
      'a step of the setup',
      from((app) => app.step(app.t('setup.stepMachine')), 'Enter'),
      heading('setup.machineTitle'),
    ],
    [
      'the change of a step',
      then(enter(button('setup.nestingButton')), seen(button('wizard.applyAndStart'))),
      sentence('review'),
    ],
    [
      'the change of a step is done',
      then(enter(button('wizard.applyAndStart')), seen(button('setup.return'))),
      sentence('done'),
    ],
    ['a step of the setup is done', enter(button('setup.return')), heading('setup.insideTitle', box)],
    ['an account is asked for in the setup, and Esc', then(enter(account), seen(dialog), key('Escape')), account],
    ['the setup is left', enter(button('setup.leave')), titled(box.name)],
  ],
};

const session = radio('rights.session');

const noAccess: Walk = {
  through: 'no access',
  options: { ...direct, scenario: 'not-admin', switches: ['--unused-limit=2'] },
  begin: (app) => app.open('machines'),
  acts: [
    ['a way to the VMs', from(radio('rights.join'), 'ArrowRight'), session],
    ['before the prompt', enter(button('rights.sessionButton')), heading('rights.beforeTitle')],
    ['all that will run', enter(button('rights.showAll')), button('rights.showAll')],
    ['it is allowed', then(enter(button('rights.goOn')), (app) => app.option(box.name).waitFor()), pageTitle],
    [
      'what was allowed has ended',
      then((app) => app.openVm(box.name), from(button('machines.turnOn')), seen(button('rights.allowAgain'))),
      heading('machines.canRun', box),
    ],
    ['to allow it again', enter(button('rights.allowAgain')), heading('rights.beforeTitle')],
    ['it is not allowed again', enter(button('rights.cancel')), titled(box.name)],
  ],
};

const cutShort: Walk = {
  through: 'a change that was cut short',
  options: direct,
  found: async (folder) => {
    const runs = path.join(folder, 'runs', 'simulated-workstation');
    await mkdir(runs, { recursive: true });
    await writeFile(fileOf(runs, 'run'), firstLine(headOf('run')) + lineFor({ event: eventOf(0) }));
  },
  begin: (app) => app.open('activity'),
  acts: [
    ['what to do about it', enter(button('activity.decide')), pageTitle],
    ['one of its ways', from(radio('activity.leave'), 'Space'), radio('activity.leave')],
    ['it is left as it is', enter(button('activity.leaveButton')), historyTitle],
  ],
};

export const ofPages: readonly Walk[] = [pages, aGuest, aTest, setup, noAccess, cutShort];
