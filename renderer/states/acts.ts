/** What each elevated act is, says and costs. */
import type { ElevatedAct } from '../../src/ipc/schema.js';
import { type Translator, type Words } from '../../src/text/index.js';

/** The two ways to see the VMs of this PC. */
export type Way = 'join-group' | 'allow-session';

interface Act {
  readonly name: Words;
  readonly what: string;
  readonly howLong: string;
  readonly after: string;
  readonly undo: string;
  /** What of the text is not the same for everybody. */
  readonly filledIn: string;
  readonly filledInMore?: string;
  /** What it means when another account answers the prompt. */
  readonly otherAccount: string;
  /** What is so once it is done. */
  readonly done: string;
}

export function actOf(t: Translator, act: ElevatedAct, account: string): Act {
  switch (act) {
    case 'join-group':
      return {
        name: t('rights.actJoin'),
        what: t('rights.joinWhat', { account }),
        howLong: t('rights.aSecond'),
        after: t('rights.joinAfter'),
        undo: t('rights.joinUndo'),
        filledIn: t('rights.fixed'),
        otherAccount: t('rights.otherJoin', { account }),
        done: t('rights.doneJoin'),
      };
    case 'allow-session':
      return {
        name: t('rights.actSession'),
        what: t('rights.sessionWhat'),
        howLong: t('rights.untilClose'),
        after: t('rights.sessionAfter'),
        undo: t('rights.sessionUndo'),
        filledIn: t('rights.fixedThis'),
        filledInMore: t('rights.fixedSession'),
        otherAccount: t('rights.otherSession', { account }),
        done: t('rights.doneSession'),
      };
    case 'enable-hyper-v':
      return {
        name: t('rights.actEnable'),
        what: t('rights.enableWhat'),
        howLong: t('rights.minutes'),
        after: t('rights.restartAfter'),
        undo: t('rights.enableUndo'),
        filledIn: t('rights.fixedAll'),
        otherAccount: t('rights.otherPc'),
        done: t('rights.doneRestart'),
      };
    case 'hypervisor-auto':
      return {
        name: t('rights.actHypervisor'),
        what: t('rights.hypervisorWhat'),
        howLong: t('rights.aSecond'),
        after: t('rights.restartAfter'),
        undo: t('rights.hypervisorUndo'),
        filledIn: t('rights.fixedAll'),
        otherAccount: t('rights.otherPc'),
        done: t('rights.doneRestart'),
      };
    case 'start-service':
      return {
        name: t('rights.actService'),
        what: t('rights.serviceWhat'),
        howLong: t('rights.aSecond'),
        after: t('rights.serviceAfter'),
        undo: t('rights.serviceUndo'),
        filledIn: t('rights.fixedAll'),
        otherAccount: t('rights.otherPc'),
        done: t('rights.doneService'),
      };
  }
}
