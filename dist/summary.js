import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ // The require scope
/******/ var __nccwpck_require__ = {};
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/************************************************************************/
var __webpack_exports__ = {};

// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  S: () => (/* binding */ writeSummary)
});

;// CONCATENATED MODULE: external "node:fs/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");
;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");
;// CONCATENATED MODULE: ./lib/src/report/rollback-page.js



/** More workflows are not looked at, and a longer one is no button. */
const most = { files: 100, characters: 100_000 };
/**
 * The page of the repository's workflow that rolls back, where its button is: one that people can start (`workflow_dispatch`), with a
 * step that has `mode: rollback`. Looked for in the files of the job, which are there only when the job has checked out the repository.
 */
async function rollbackPage(env) {
    const { GITHUB_WORKSPACE: workspace, GITHUB_REPOSITORY: repository, GITHUB_SERVER_URL: server } = env;
    if (workspace === undefined || !/^https:\/\/[\w.-]+(:\d+)?$/.test(server ?? ''))
        return undefined;
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository ?? ''))
        return undefined;
    const folder = external_node_path_namespaceObject.join(workspace, '.github', 'workflows');
    for (const name of await workflowsIn(folder)) {
        if (await rollsBack(external_node_path_namespaceObject.join(folder, name)))
            return `${server}/${repository}/actions/workflows/${name}`;
    }
    return undefined;
}
async function workflowsIn(folder) {
    // A job that deploys an image needs no files of the repository.
    if (!(0,external_node_fs_namespaceObject.existsSync)(folder))
        return [];
    const names = (await (0,promises_namespaceObject.readdir)(folder)).filter(name => /^[\w.-]+\.ya?ml$/.test(name));
    return names.sort().slice(0, most.files);
}
async function rollsBack(file) {
    // A folder or a pipe of that name is no workflow.
    if (!(await (0,promises_namespaceObject.stat)(file)).isFile())
        return false;
    const workflow = (await (0,promises_namespaceObject.readFile)(file, 'utf8')).slice(0, most.characters);
    const lines = workflow.replace(/(^|\s)#.*$/gm, '');
    return /\bworkflow_dispatch\b/.test(lines) && /\bmode:\s*(['"]?)rollback\1\s*(?=$|[,}])/m.test(lines);
}

;// CONCATENATED MODULE: ./lib/src/model/count.js
/** `1 task`, `2 tasks`. */
function count_counted(count, thing) {
    return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

;// CONCATENATED MODULE: ./lib/src/plan/journal.js
/**
 * The lock and the journal as tags of the target group that is the lock: readable in the AWS console, written in the same call
 * that makes it. What is not there is written as an empty value, because adding tags never takes one away.
 */
const phases = (/* unused pure expression or super */ null && (['staging', 'shifting', 'restoring', 'settling']));
const journal_colors = (/* unused pure expression or super */ null && (['blue', 'green']));
/** What Elastic Load Balancing takes as the value of a tag: letters, digits, spaces and some signs, 256 of them. */
function tagValue(text) {
    return text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '-').slice(0, 256);
}
function ownerTags(owner, mode, startedAt) {
    return tags({
        Purpose: 'Lock of ecs-bluegreen: no traffic goes here',
        Owner: journal_describeOwner(owner),
        Nonce: owner.nonce,
        Repository: owner.repository,
        RunId: owner.runId,
        RunAttempt: String(owner.attempt),
        Job: owner.job,
        RunUrl: owner.runUrl,
        Machine: owner.machine,
        Pid: String(owner.pid),
        Mode: mode,
        StartedAt: startedAt,
    });
}
function journalTags(journal) {
    return tags({
        Phase: journal.phase,
        From: journal.from,
        To: journal.to,
        Live: journal.live ?? '',
        Candidate: journal.candidate ?? '',
        Deployment: journal.deployment ?? '',
        IdleService: journal.idle?.service ?? '',
        IdleTaskDefinition: journal.idle?.taskDefinition ?? '',
        IdleDesired: journal.idle === undefined ? '' : String(journal.idle.desired),
        Shares: journal.shares ?? '',
    });
}
function tags(values) {
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, tagValue(value)]));
}
/** @param parseTime from text to milliseconds since the Unix epoch, or NaN */
function readLock(arn, name, found, parseTime) {
    const text = (key) => found[key] ?? '';
    const journal = readJournal(found);
    return {
        arn,
        name,
        owner: {
            nonce: text('Nonce'),
            repository: text('Repository'),
            runId: text('RunId'),
            attempt: Number(text('RunAttempt') || 0),
            job: text('Job'),
            runUrl: text('RunUrl'),
            machine: text('Machine'),
            pid: Number(text('Pid') || 0),
        },
        mode: text('Mode'),
        startedAt: parseTime(text('StartedAt')),
        expiresAt: parseTime(text('ExpiresAt')),
        fingerprint: JSON.stringify(Object.entries(found).sort()),
        ...(journal === undefined ? {} : { journal }),
    };
}
function readJournal(found) {
    const phase = phases.find(one => one === found.Phase);
    const from = journal_colors.find(one => one === found.From);
    const to = journal_colors.find(one => one === found.To);
    if (phase === undefined || from === undefined || to === undefined || from === to)
        return undefined;
    const { Live, Candidate, Deployment, IdleService, IdleTaskDefinition, IdleDesired = '', Shares } = found;
    const desired = /^\d{1,6}$/.test(IdleDesired) ? Number(IdleDesired) : undefined;
    return {
        phase,
        from,
        to,
        ...(Live ? { live: Live } : {}),
        ...(Candidate ? { candidate: Candidate } : {}),
        ...(Deployment ? { deployment: Deployment } : {}),
        ...(IdleService && IdleTaskDefinition && desired !== undefined
            ? { idle: { service: IdleService, taskDefinition: IdleTaskDefinition, desired } }
            : {}),
        ...(Shares ? { shares: Shares } : {}),
    };
}
/** `octo-org/app run 12 attempt 1 job deploy`. */
function journal_describeOwner(owner) {
    if (owner.runId === '')
        return owner.nonce === '' ? 'nobody who says so' : `a run outside of GitHub, ${owner.nonce}`;
    return `${owner.repository} run ${owner.runId} attempt ${owner.attempt} job ${owner.job}`;
}
/** What a run was about to do, in words. */
function journal_describeJournal({ phase, from, to, shares }) {
    switch (phase) {
        case 'staging':
            return `putting a new version on ${to}`;
        case 'shifting':
            return `moving traffic from ${from} to ${to}${shares === undefined ? '' : ` (${shares})`}`;
        case 'restoring':
            return `taking back what was begun on ${to}`;
        case 'settling':
            return `settling after the move to ${to}`;
        default:
            return phase;
    }
}
/** Whether traffic may be between the colors because of this run. Of all else that a dead run leaves, nothing needs to be undone. */
function isHalfShift(journal) {
    return journal?.phase === 'shifting' || journal?.phase === 'restoring';
}
/** The tag of the blue target group that keeps a journal while its lock changes hands. */
const shiftNoteTag = 'UnfinishedShift';
/** Long enough for a next run; a note that was forgotten must not explain what somebody does much later. */
const shiftNoteMs = (/* unused pure expression or super */ null && (24 * 3_600_000));
/** The direction, and what the idle service had where there is room for it: revisions by name, because two ARNs are too long. */
function shiftNote({ from, to, candidate, idle }, time) {
    const direction = `${from} to ${to} at ${time}`;
    if (candidate === undefined || idle === undefined)
        return direction;
    const [tried, had] = [candidate, idle.taskDefinition].map(arn => arn.slice(arn.lastIndexOf('/') + 1));
    const whole = `${direction} with ${tried} on ${idle.service} after ${idle.desired} of ${had}`;
    // Half of a name would be another one.
    return tagValue(whole) === whole ? whole : direction;
}
const noteForm = /^(\w+) to (\w+) at (\S+)(?: with (\S+) on (\S+) after (\d{1,6}) of (\S+))?$/;
/**
 * @param parseTime from text to milliseconds since the Unix epoch, or NaN
 * @param arnOf the ARN of a revision by its name; without it only the direction is read
 */
function readShiftNote(text, now, parseTime, arnOf) {
    const [, first, second, time = '', tried, service, desired, had] = noteForm.exec(text ?? '') ?? [];
    const from = journal_colors.find(color => color === first);
    const to = journal_colors.find(color => color === second);
    if (from === undefined || to === undefined || from === to)
        return undefined;
    if (!(Math.abs(now - parseTime(time)) < shiftNoteMs))
        return undefined;
    const direction = { phase: 'restoring', from, to };
    if (arnOf === undefined || tried === undefined || service === undefined || had === undefined)
        return direction;
    const idle = { service, taskDefinition: arnOf(had), desired: Number(desired) };
    return { ...direction, candidate: arnOf(tried), idle };
}
/**
 * Tags of the blue target group: whose lock was taken last, and by whom. The winner may have ended, and its lock be gone, before the
 * other one learns of it.
 */
function takenNote(from, by) {
    return tags({ LockTakenFrom: from.nonce, LockTakenBy: journal_describeOwner(by), LockTakenUrl: by.runUrl });
}
/** Who has taken the lock of the run with this nonce; undefined when nobody has noted it, or somebody's lock was taken since. */
function readTaken(nonce, found = {}) {
    const { LockTakenFrom, LockTakenBy = '', LockTakenUrl = '' } = found;
    return nonce === '' || LockTakenFrom !== nonce || LockTakenBy === ''
        ? undefined
        : { who: LockTakenBy, runUrl: LockTakenUrl };
}

;// CONCATENATED MODULE: ./lib/src/plan/lock.js

/** A lock is good for so long after its holder was last heard of. */
const leaseMs = 180_000;
/** A holder renews it after so long: three tries in a row may fail before it runs out. */
const renewAfterMs = 125_000;
/** How often a run that waits for a lock looks at it. */
const watchMs = 5_000;
/**
 * What to do about a lock that is there. The first row that applies:
 *
 * | what is so                                              | verdict   |
 * |---------------------------------------------------------|-----------|
 * | it is our own                                           | ours      |
 * | we were told to take it anyway                          | take over |
 * | a run of the same id made it, at an earlier attempt     | take over |
 * | a process of this machine made it, which has ended      | take over |
 * | it has expired                                          | take over |
 * | nothing of it has changed for the length of a lease     | take over |
 * | otherwise                                               | wait      |
 *
 * @param since when it was first seen as it is now, by our clock: the holder's may be wrong
 */
function assessLock(lock, asking, since, now) {
    const { owner } = lock;
    const me = asking.owner;
    if (owner.nonce !== '' && owner.nonce === me.nonce)
        return { kind: 'ours' };
    if (asking.takeOver === 'always')
        return { kind: 'take-over', because: 'this run may take it from a run that is alive' };
    const sameRun = owner.runId !== '' && owner.runId === me.runId && owner.repository === me.repository;
    // GitHub starts another attempt of a run only when the one before has ended.
    if (sameRun && owner.attempt < me.attempt) {
        return { kind: 'take-over', because: `attempt ${owner.attempt} of this run has ended` };
    }
    if (owner.machine !== '' && owner.machine === me.machine && owner.pid > 0 && !asking.runs(owner.pid)) {
        return { kind: 'take-over', because: `its process ${owner.pid} on this machine has ended` };
    }
    const latest = since + leaseMs;
    const until = lock.expiresAt < latest ? lock.expiresAt : latest;
    return until <= now ? { kind: 'take-over', because: 'it has expired, and was not renewed' } : { kind: 'wait', until };
}
/** Somebody else is at work, and alive. */
function locked(lock, sign) {
    const { owner, journal } = lock;
    return {
        code: 'LOCKED',
        headline: `Another run deploys to these two services: ${describeOwner(owner)}.`,
        details: [
            ...(owner.runUrl === '' ? [] : [`Its run: ${owner.runUrl}`]),
            ...(journal === undefined ? [] : [`It is ${describeJournal(journal)}.`]),
            `${sign} The lock is the target group ${lock.name}, which serves nobody else.`,
            'Run again when that run has ended. `concurrency` in the workflow lets the runs of one repository wait for each other.',
        ],
    };
}
/** Somebody else has taken the lock from this run. */
function lockLost(winner, name) {
    const who = winner === undefined ? 'somebody who has given it back already' : winner.who;
    return {
        code: 'LOCK_LOST',
        headline: `This run was superseded: the lock of these two services was taken over by ${who}.`,
        details: [
            ...(winner === undefined || winner.runUrl === '' ? [] : [`Its run: ${winner.runUrl}`]),
            `This run stopped before its next write, and leaves everything to that one. The lock is the target group ${name}.`,
            '`mode: status` shows where everything stands.',
        ],
    };
}
/** A target group of the lock's name that no run has made: it is not ours to delete. */
function notALock(found) {
    return {
        code: 'LOCKED',
        headline: `The target group ${found.name} has the name of the lock of these two services, but is no lock of this action.`,
        details: [found.arn, 'Delete it when nobody needs it, then run again.'],
    };
}
/** Whose lock it is and what for, in one line. */
function describeHolder({ owner, journal }) {
    const run = owner.runUrl === '' ? '' : ` (${owner.runUrl})`;
    return `${describeOwner(owner)}${run}${journal === undefined ? '' : `, ${describeJournal(journal)}`}`;
}
/** @param first what a run says that takes the traffic back */
function describeHalfShift(journal, first = 'It is healed already') {
    return `Traffic is between the colors: an earlier run was ended while it was ${describeJournal(journal)}. What a deploy does first: ${first}. The rest of this plan begins there`;
}
/** Who holds the lock and what for, for people who ask. */
function lock_lockLines({ name, owner, mode, journal, expiresAt }, now) {
    const left = Math.round((expiresAt - now) / 1_000);
    return [
        `${journal_describeOwner(owner)} holds the lock ${name} (mode ${mode}${owner.runUrl === '' ? '' : `, ${owner.runUrl}`})`,
        left > 0
            ? `Its lease ends in ${left}s, unless that run renews it`
            : 'Its lease is over: the next run takes it over',
        ...(journal === undefined ? [] : [`It is ${journal_describeJournal(journal)}`]),
    ];
}

;// CONCATENATED MODULE: ./lib/src/report/budget.js
/**
 * As many parts from the beginning on as there is room for: the first screen is never what goes. Empty ones are passed over.
 *
 * @param most bytes of UTF-8 of all of them together
 */
function fitting(parts, most) {
    const there = parts.filter(([, says]) => says !== '');
    let bytes = 0;
    const end = there.findIndex(([, says]) => {
        bytes += Buffer.byteLength(says) + 2;
        return bytes > most;
    });
    const until = end < 0 ? there.length : end;
    return { kept: there.slice(0, until).map(([, says]) => says), left: there.slice(until).map(([name]) => name) };
}
/** The line that says so; empty when all had room. */
function leftOut(left, because) {
    return left.length === 0 ? '' : `**Left out, because ${because}: ${left.join(', ')}.**`;
}

;// CONCATENATED MODULE: ./lib/src/report/markdown.js
/**
 * Text from outside (image names, AWS messages, tags) inside GitHub's Markdown. Nothing in it may become markup, a link, a
 * heading, a new line or a table cell. Only what could is replaced by entities, so that the raw file stays readable.
 */
function markdown_text(hostile, maxLength = 300) {
    const escaped = plain(hostile, maxLength)
        .replace(/[&<>"'`*_[\]|~$@\\#{}]/g, entity)
        .replace(/:(?=\/\/)/g, entity)
        .replace(/(?<=\b(?:www|WWW))\./g, entity)
        .replace(/^(?:[-+]|\d+[.)]|=+$)(?=\s|$)/, marker => [...marker].map(entity).join(''));
    return clipEscaped(escaped, maxLength * bytesOfCharacter);
}
/** UTF-8 needs no more; text of nothing but entities, which do, is cut off earlier. */
const bytesOfCharacter = 4;
/** Cut off after so many bytes, but never within an entity or a character. */
function clipEscaped(escaped, most) {
    if (Buffer.byteLength(escaped) <= most)
        return escaped;
    let bytes = 0;
    let end = 0;
    for (const [one] of escaped.matchAll(/&#\d+;|./gsu)) {
        bytes += Buffer.byteLength(one);
        if (bytes > most)
            break;
        end += one.length;
    }
    return `${escaped.slice(0, end)}\u2026`;
}
/** On one line that reads from left to right and hides nothing, cut off; not escaped for anything. */
function plain(hostile, maxLength) {
    // A line of a megabyte is not read to its end for the sake of its beginning.
    const beginning = hostile.slice(0, maxLength * 10);
    const line = clip(oneLine(beginning), maxLength);
    return beginning.length < hostile.length && !line.endsWith('\u2026') ? `${line}\u2026` : line;
}
function entity(character) {
    return `&#${character.codePointAt(0)};`;
}
/**
 * Hostile text as code. `<code>` with entities instead of backticks: a backtick inside cannot close it, and neither can a
 * table's `|`. The entities keep GitHub from linking names and mentions.
 */
function code(hostile, maxLength = 300) {
    return `<code>${markdown_text(hostile, maxLength)}</code>`;
}
const longestUrl = 2_000;
/** One of our own URLs, made of checked parts; what could still end the link is encoded. A longer one is none of ours, nor is one of another scheme. */
function markdown_link(label, url) {
    const inert = url.length > longestUrl ? url : url.toWellFormed().replace(/[^\w:/.?=&#%~-]/gu, percent);
    return inert.length > longestUrl || !/^https?:\/\//.test(inert) ? markdown_text(label) : `[${markdown_text(label)}](${inert})`;
}
/** `encodeURIComponent` leaves brackets as they are. */
function percent(character) {
    return [...new TextEncoder().encode(character)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
function table(head, rows) {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
/** Under a list or table that was cut. */
function andMore(all, shown) {
    return all > shown ? `\n\nand ${all - shown} more` : '';
}
/** Bytes of a block: those of AWS's longest policy several times. */
const longestBlock = 60_000;
/** Lines of hostile text as they are, indentation included, in a block that nothing in them can end; at most so many bytes. */
function block(hostile, most = longestBlock) {
    const lines = hostile
        .slice(0, most)
        .split(/\r\n|\r|\n/)
        .map(line => line
        .replace(/\t/g, '  ')
        .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ')
        .replace(/[&<>]/g, entity));
    return `<pre>\n${clipEscaped(lines.join('\n'), most)}\n</pre>`;
}
/** Bytes of a policy statement: those of AWS's longest ARN several times. */
const longestStatement = 10_000;
/** Bytes of a list; its first line is there whatever it takes. */
const longestList = 200_000;
/**
 * A list of hostile lines. JSON of several lines, such as a policy statement, keeps them, and stands between two lists.
 *
 * @param most lines
 */
function list(lines, most = lines.length) {
    const isJson = (line) => line?.startsWith('{\n') ?? false;
    const shown = [];
    let bytes = 0;
    for (const [index, line] of lines.slice(0, most).entries()) {
        const one = isJson(line) ? block(line, longestStatement) : `- ${markdown_text(line, 1_000)}`;
        bytes += Buffer.byteLength(one) + 2;
        if (index > 0 && bytes > longestList)
            break;
        const apart = index > 0 && (isJson(line) || isJson(lines[index - 1]));
        shown.push(`${index === 0 ? '' : apart ? '\n\n' : '\n'}${one}`);
    }
    const { length } = shown;
    return `${shown.join('')}${length < lines.length ? `\n${isJson(lines[length - 1]) ? '\n' : ''}- and ${lines.length - length} more` : ''}`;
}
/** Sentences, each on a line, and JSON after them. */
function note(hostile) {
    const at = hostile.search(/\n\{\n/);
    const [sentences, json] = at < 0 ? [hostile, ''] : [hostile.slice(0, at), hostile.slice(at + 1)];
    return [markdown_text(sentences, 1_000), json === '' ? '' : block(json, longestStatement)]
        .filter(part => part !== '')
        .join('\n\n');
}
/** Folded details, or ones that are there to be folded. */
function details(title, body, open = false) {
    return `<details${open ? ' open' : ''}><summary>${markdown_text(title)}</summary>\n\n${body}\n\n</details>`;
}
function oneLine(hostile) {
    // Control characters, line separators, the marks that turn the reading direction or hide text, and halves of characters.
    return hostile.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ').trim();
}
function clip(line, maxLength) {
    const characters = [...line];
    return characters.length > maxLength ? `${characters.slice(0, maxLength).join('')}\u2026` : line;
}
/** `42s`, `3m 05s`, `850ms`. */
function span(ms) {
    if (ms < 1_000)
        return `${Math.round(ms)}ms`;
    if (ms < 60_000)
        return `${(ms / 1_000).toFixed(1)}s`;
    const seconds = Math.round(ms / 1_000);
    return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
}

;// CONCATENATED MODULE: ./lib/src/model/color.js
const color_colors = ['blue', 'green'];
function otherColor(color) {
    return color === 'blue' ? 'green' : 'blue';
}

;// CONCATENATED MODULE: ./lib/src/report/window.js
/** Slices that are shown before the first answer of the new version, and after the last of the old one. */
const leastMargin = 10;
/**
 * The part of the slices in which a switch took place, with as much again on both sides, and when the new version first answered.
 * It begins early enough for every failure before that, and ends late enough for every one after.
 */
function switchWindow(flip) {
    const fresh = flip.versions.at(-1);
    const first = Math.max(0, fresh?.counts.findIndex(count => count > 0) ?? 0);
    const others = [...flip.versions.slice(0, -1).map(version => version.counts), flip.failed];
    const last = Math.max(first, ...others.map(counts => counts.findLastIndex(count => count > 0)));
    const margin = Math.max(leastMargin, last - first);
    const failedFrom = flip.failed.findIndex(count => count > 0);
    const from = Math.max(0, Math.min(first - margin, failedFrom < 0 ? first : failedFrom));
    const until = Math.min(complete(flip), last + margin + 1);
    return { slices: part(flip, from, until), zero: flip.startAt + first * flip.sliceMs };
}
/** A picture that leaves out failures says how many: a quiet one would be taken for proof that there were none. */
function failedOutside(shown, failed) {
    const outside = failed - total(shown.failed);
    return outside > 0 ? `${outside} more failed outside of this picture.` : '';
}
/** With the version that the run was to bring as the last one, in whatever order they answered. */
function oldThenNew(slices, fresh) {
    const { versions } = slices;
    const last = versions.find(({ version }) => version === fresh) ?? versions.at(-1);
    return { ...slices, versions: versions.filter(one => one !== last).concat(last ?? []) };
}
/** Without the last slice, when that may not be whole. */
function wholeSlices(slices) {
    return part(slices, 0, complete(slices));
}
/** The last slice may have been cut off by the end of the run: it would look like a dip. A failure in it is shown all the same. */
function complete({ failed }) {
    return failed.length > 1 && failed.at(-1) === 0 ? failed.length - 1 : failed.length;
}
function part(slices, from, until) {
    return mapped({ ...slices, startAt: slices.startAt + from * slices.sliceMs }, counts => counts.slice(from, until));
}
/**
 * So many slices in one. The first ones that would not fill one are left out: a slice that is not whole looks like a dip. With a failure
 * in them they are one all the same.
 */
function merged(slices, factor) {
    if (factor <= 1)
        return slices;
    const { length } = slices.failed;
    const rest = length % factor;
    const from = rest > 0 && total(slices.failed.slice(0, rest)) > 0 ? rest - factor : rest;
    const sums = (counts) => Array.from({ length: (length - from) / factor }, (_, index) => total(counts.slice(Math.max(0, from + index * factor), from + (index + 1) * factor)));
    const { startAt, sliceMs } = slices;
    return mapped({ ...slices, startAt: startAt + from * sliceMs, sliceMs: sliceMs * factor }, sums);
}
function total(counts) {
    return counts.reduce((sum, count) => sum + count, 0);
}
function mapped(slices, change) {
    return {
        ...slices,
        versions: slices.versions.map(({ version, counts }) => ({ version, counts: change(counts) })),
        failed: change(slices.failed),
    };
}

;// CONCATENATED MODULE: ./lib/src/report/mermaid.js



/*
 * Pictures for the job summary. GitHub draws Mermaid by a version of its own choice, in the reader's light or dark theme: so only
 * what has been there since Mermaid 10 is used, and the lines have colors that stand out from both backgrounds.
 */
/** Points of a line: more are not told apart on a phone. */
const mostPoints = 40;
/** At least 3:1 on white and on GitHub's dark gray. The old and the new version have the colors of their services. */
const palette = { blue: '#2f81f7', green: '#2da44e', yellow: '#bf8700', red: '#e5534b' };
/**
 * Text from outside as a label of Mermaid. Everything but a few characters that mean nothing in any of its grammars becomes a
 * dot: there is no way to escape that all versions of Mermaid share, and no label is worth a picture that does not draw.
 */
function label(hostile, maxLength = 40) {
    const dead = hostile.replace(/[^A-Za-z0-9._+/-]+/g, '\u00b7');
    // Two hyphens may be an arrow, and three end or begin what is not the picture.
    const single = dead.replace(/-{2,}/g, '-');
    return single.length > maxLength ? `${single.slice(0, maxLength)}\u2026` : single;
}
/** Answers of each version around the moment when the new one first answered; without any, of all the time when requests failed. */
function switchPicture({ traffic, sides }) {
    if (traffic === undefined || sides === undefined)
        return '';
    const { flip, slices: whole, fresh, failed } = traffic;
    const from = sides.before.color;
    if (flip !== undefined) {
        const { slices, zero } = switchWindow(oldThenNew(flip, fresh));
        const around = `around the first one of ${markdown_text(slices.versions.at(-1)?.version ?? '')}`;
        return picture(slices, { zero, around, fresh, failed, from });
    }
    if (whole === undefined || failed === 0)
        return '';
    const slices = wholeSlices(oldThenNew(whole, fresh));
    return picture(slices, { zero: slices.startAt, around: 'since the first request', fresh, failed, from });
}
function picture(slices, { zero, around, fresh, failed, from }) {
    const shown = merged(slices, Math.ceil(slices.failed.length / mostPoints));
    const lines = linesOf(shown, from, fresh);
    const second = (index) => ((shown.startAt - zero + index * shown.sliceMs) / 1_000).toFixed(1);
    const names = [...shown.versions.slice(0, 1), ...shown.versions.slice(1).slice(-1)].map(one => label(one.version));
    const outside = failedOutside(shown, failed);
    return [
        `Answers per ${span(shown.sliceMs)} ${around}: ${lines.map(line => `${line.color} ${line.means}`).join(', ')}.${outside === '' ? '' : ` **${outside}**`}`,
        fenced([
            '---',
            'config:',
            '  themeVariables:',
            '    xyChart:',
            `      plotColorPalette: "${lines.map(line => palette[line.color]).join(', ')}"`,
            '---',
            'xychart-beta',
            `  title "${names.join(' to ') || 'no version'}"`,
            `  x-axis "seconds" ${second(0)} --> ${second(Math.max(1, shown.failed.length - 1))}`,
            `  y-axis "answers per ${span(shown.sliceMs)}" 0 --> ${Math.max(1, ...lines.flatMap(line => line.counts))}`,
            ...lines.map(line => `  line [${line.counts.join(', ')}]`),
        ]),
    ].join('\n\n');
}
/** The old version, the new one, all others in one, and failed requests; only what there was. */
function linesOf({ versions, failed }, from, fresh) {
    const [first, ...rest] = versions;
    const last = rest.at(-1);
    const others = failed.map((_, index) => rest.slice(0, -1).reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0));
    const any = (counts) => counts.some(count => count > 0);
    const line = (color, version) => version === undefined ? [] : [{ color, means: markdown_text(version.version), counts: version.counts }];
    return [
        ...line(last === undefined && first?.version === fresh ? otherColor(from) : from, first),
        ...line(otherColor(from), last),
        ...(any(others) ? [{ color: 'yellow', means: 'other versions', counts: others }] : []),
        ...(any(failed) ? [{ color: 'red', means: 'failed', counts: failed }] : []),
    ];
}
/** How long each phase took, since the beginning of the run. */
function phasesPicture({ phases, startedAt }) {
    const [last] = phases.slice(-1);
    if (last === undefined || last.endedAt <= startedAt)
        return '';
    const tookMs = last.endedAt - startedAt;
    const [every, unit] = ticks.find(([count, one]) => tookMs <= mostTicks * count * milliseconds[one]) ?? longestTick;
    return fenced([
        'gantt',
        '  title Phases',
        '  dateFormat YYYY-MM-DD HH:mm:ss.SSS',
        `  axisFormat ${tookMs >= 3_600_000 ? '%H:%M' : '%M:%S'}`,
        `  tickInterval ${every}${unit}`,
        '  todayMarker off',
        ...phases.map(phase => `  ${phase.name} :${phase.name === 'rollback' ? 'crit, ' : ''}${times(phase, startedAt)}`),
    ]);
}
/** More would be written over each other on a phone. */
const mostTicks = 5;
const milliseconds = { second: 1_000, minute: 60_000 };
const longestTick = [240, 'minute'];
const ticks = [
    ...[1, 2, 5, 10, 20, 30].map(count => [count, 'second']),
    ...[1, 2, 5, 10, 20, 30, 60, 120].map(count => [count, 'minute']),
];
/** Mermaid reads and writes local time: on this day every clock is regular, so that no time zone can be seen. */
const day = Date.UTC(2001, 0, 10);
function times(phase, startedAt) {
    const shown = (at) => new Date(day + Math.max(0, at - startedAt)).toISOString().replace('T', ' ').replace('Z', '');
    return `${shown(phase.startedAt)}, ${shown(phase.endedAt)}`;
}
function fenced(lines) {
    return ['```mermaid', ...lines, '```'].join('\n');
}

;// CONCATENATED MODULE: ./lib/src/model/check.js
const sections = [
    'Lock',
    'Services',
    'Target groups',
    'Listeners and rules',
    'Task definition',
    'Time',
    'Alarms',
    'Auto scaling',
    'Roles and credentials',
];
/** The tree as lines: a section, then its checks. */
function check_checkLines(checks) {
    const found = sections.filter(section => checks.some(check => check.section === section));
    return found.flatMap(section => [
        section,
        ...checks
            .filter(check => check.section === section)
            .map(({ mark, says }) => `  ${mark.padEnd(4)}  ${says.replaceAll('\n', '\n        ')}`),
    ]);
}
/**
 * The checks, and those that nobody made because something else is NG.
 *
 * @param without sections that have nothing to check here
 */
function skipped(checks, without = []) {
    const missing = sections.filter(section => !without.includes(section) && !checks.some(check => check.section === section));
    return [
        ...checks,
        ...missing.map(section => ({ section, mark: 'SKIP', says: 'Not looked at, because of what is NG' })),
    ];
}

;// CONCATENATED MODULE: ./lib/src/report/plan.js



/** More would push the rest off the page. */
const limits = { steps: 100, changes: 100, checks: 200 };
/** What a plan says, for the log: the checks, the steps, the difference, the policy. */
function planLines({ checks, plan }) {
    if (plan === undefined)
        return checkLines(checks);
    return [
        ...checkLines(checks),
        'Steps',
        ...(plan.steps.length === 0 ? ['  none'] : plan.steps.map((step, index) => `  ${index + 1}. ${stepText(step)}`)),
        definitionTitle(plan.definition),
        ...plan.definition.changes.map(change => `  ${change.path}: ${change.before ?? '\u2013'} \u2192 ${change.after ?? '\u2013'}`),
        'Policy: the least that this deploy needs',
        ...policyText(plan.policy)
            .split('\n')
            .map(line => `  ${line}`),
    ];
}
/** The same for the job summary. */
function planPart(report) {
    const { plan, mode, checks } = report;
    if (mode !== 'plan') {
        return checks.length === 0 ? '' : details(`Preflight (${count_counted(checks.length, 'check')})`, checksPart(checks));
    }
    return [
        ...(plan === undefined ? [] : [stepsPart(plan)]),
        checks.length === 0 ? '' : `### Preflight\n\n${checksPart(checks)}`,
        ...(plan === undefined
            ? []
            : [
                definitionPart(plan.definition),
                details('The least IAM policy for this set-up', block(policyText(plan.policy))),
            ]),
    ]
        .filter(part => part !== '')
        .join('\n\n');
}
function stepsPart({ steps }) {
    if (steps.length === 0)
        return '';
    const rows = steps
        .slice(0, limits.steps)
        .map((step, index) => [String(index + 1), markdown_text(step.says), markdown_text(step.before ?? ''), markdown_text(step.after ?? '')]);
    return `### Steps\n\n${table(['', 'step', 'before', 'after'], rows)}${andMore(steps.length, limits.steps)}`;
}
function stepText({ says, before, after }) {
    return after === undefined ? says : `${says}: ${before ?? 'nothing'} \u2192 ${after}`;
}
function checksPart(checks) {
    const shown = checks.slice(0, limits.checks);
    const listed = sections
        .filter(section => shown.some(check => check.section === section))
        .flatMap(section => [
        `- ${section}`,
        ...shown
            .filter(check => check.section === section)
            .map(({ mark, says }) => `  - ${markText(mark)} ${markdown_text(says, 500)}`),
    ])
        .join('\n');
    return `${listed}${andMore(checks.length, limits.checks)}`;
}
function markText(mark) {
    return mark === 'NG' ? '**NG**' : mark;
}
function definitionTitle({ from, reused, changes }) {
    const live = nameOf(from);
    const becomes = reused === undefined ? 'a new revision is registered from it' : `${nameOf(reused)} is used`;
    return `Task definition: ${live} is live, ${becomes}, ${changes.length === 0 ? 'which says the same' : changes.length === 1 ? 'with one change' : `with ${changes.length} changes`}`;
}
function definitionPart(definition) {
    const title = `### Task definition\n\n${markdown_text(definitionTitle(definition).replace(/^Task definition: /, ''))}.`;
    if (definition.changes.length === 0)
        return title;
    const rows = definition.changes
        .slice(0, limits.changes)
        .map(change => [markdown_text(change.path), markdown_text(change.before ?? '\u2013'), markdown_text(change.after ?? '\u2013')]);
    return `${title}\n\n${table(['member', 'live', 'planned'], rows)}${andMore(definition.changes.length, limits.changes)}`;
}
function policyText(policy) {
    return JSON.stringify(policy, undefined, 2);
}
function nameOf(arn) {
    return arn.slice(arn.lastIndexOf('/') + 1);
}

;// CONCATENATED MODULE: ./lib/src/report/preview.js

/** More would push the rest off the page. */
const preview_limits = { swept: 100, steps: 50 };
function previewReport(facts) {
    const { healthy, url, id } = facts.preview;
    const links = healthy && url !== undefined ? { links: [{ label: `Open ${id}`, url }] } : {};
    return { ...facts, ...links, routes: [], phases: [], events: [] };
}
/** The title of the summary; its texts are escaped. */
function previewHeadline({ outcome, service }, preview) {
    const of = `${markdown_text(service)}: `;
    const id = markdown_text(preview.id ?? '');
    if ('failure' in outcome) {
        const what = preview.task === 'preview-sweep' ? 'sweep of previews' : `preview ${id}`;
        return `${of}${what} ${outcome.status === 'cancelled' ? 'cancelled' : 'failed'}`;
    }
    if (preview.dry)
        return `${of}plan for ${markdown_text(preview.task)}${id === '' ? '' : ` of ${id}`}`;
    switch (preview.task) {
        case 'preview':
            return `${of}preview ${id} is ready`;
        case 'preview-destroy':
            return `${of}preview ${id} is gone`;
        case 'preview-sweep':
            return `${of}previews swept`;
        default:
            return preview.task;
    }
}
function previewPart(preview, policy) {
    const { swept = [], steps = [] } = preview;
    const parts = [
        preview.task === 'preview' ? factsTable(preview) : '',
        swept.length === 0
            ? ''
            : `${table(['preview', 'why', ''], swept.slice(0, preview_limits.swept).map(sweptRow))}${andMore(swept.length, preview_limits.swept)}`,
        preview.dry && steps.length > 0 ? `### Steps\n\n${list(steps, preview_limits.steps)}` : '',
        policy === undefined
            ? ''
            : details('The least IAM policy for previews of this service', block(JSON.stringify(policy, undefined, 2))),
    ];
    return parts.filter(part => part !== '').join('\n\n');
}
function factsTable(preview) {
    const rows = [
        ['URL', preview.url === undefined ? undefined : code(preview.url)],
        ['found by', preview.place === undefined ? undefined : markdown_text(preview.place)],
        ['image', preview.image === undefined ? undefined : code(preview.image)],
        ['task definition', preview.taskDefinition === undefined ? undefined : code(preview_nameOf(preview.taskDefinition))],
        ['service and target group', preview.name === undefined ? undefined : code(preview.name)],
        ['tasks', preview.desired === undefined ? undefined : String(preview.desired)],
        ['stays until', preview.expires === undefined ? undefined : markdown_text(preview.expires)],
    ];
    const shown = rows.flatMap(([name, said]) => (said === undefined ? [] : [[name, said]]));
    return shown.length === 0 ? '' : table(['', ''], shown);
}
function sweptRow({ id, because, ended, failure }) {
    return [markdown_text(id), markdown_text(because), failure === undefined ? ended : `${ended}: ${markdown_text(failure.headline)}`];
}
/** What outputs say of a preview, over those of a deploy. */
function previewOutputs(preview) {
    if (preview === undefined)
        return { 'preview-url': '', 'preview-id': '', 'preview-expires': '' };
    const { url = '', id = '', expires = '', image, version, taskDefinition } = preview;
    // A URL that answers nothing, or production, is worse than none.
    const there = preview.healthy === true;
    return {
        'preview-url': there ? url : '',
        'preview-id': id,
        'preview-expires': there ? expires : '',
        ...(there && image !== undefined ? { image } : {}),
        ...(there && version !== undefined ? { version } : {}),
        ...(there && taskDefinition !== undefined ? { 'task-definition-arn': taskDefinition } : {}),
    };
}
/** What a plan or sweep says in the log, beside what was said on the way. */
function previewLines(report) {
    if (report.policy === undefined)
        return [];
    return [
        'Policy: the least that previews of this service need',
        ...JSON.stringify(report.policy, undefined, 2).split('\n'),
    ];
}
function preview_nameOf(arn) {
    return arn.slice(arn.lastIndexOf('/') + 1);
}

;// CONCATENATED MODULE: ./lib/src/report/tables.js


/** Every list is bounded, so that the whole is. */
const tables_limits = { steps: 50, routes: 50, targets: 50 };
/** What was live before and is now, or what is live and idle when nothing was switched. */
function switchTable(sides) {
    const shown = sides.before.color === sides.after.color
        ? [['live', sides.after], ...idleColumns(sides)]
        : [
            ['before', sides.before],
            ['after', sides.after],
        ];
    const row = (name, cell) => [name, ...shown.map(([, side]) => cell(side))];
    return table(['', ...shown.map(([title]) => title)], [
        row('color', side => side.color),
        row('version', side => (side.version === '' ? '\u2013' : `**${markdown_text(side.version)}**`)),
        row('image', side => (side.image === '' ? '\u2013' : code(side.image))),
        row('digest', side => (side.digest === undefined ? '\u2013' : code(side.digest))),
        row('revision', side => code(revision(side.taskDefinition))),
        row('service', side => code(side.service)),
        row('tasks', side => `${side.running}/${side.desired}`),
    ]);
}
/** Once idle has been put back, what was tried is nowhere any more, and has a column of its own. */
function idleColumns({ idle, candidate }) {
    if (candidate === undefined)
        return [['idle', idle]];
    return candidate.taskDefinition === idle.taskDefinition
        ? [['idle, tried', candidate]]
        : [
            ['idle', idle],
            ['tried', candidate],
        ];
}
function routesTable(routes) {
    const rows = routes
        .slice(0, tables_limits.routes)
        .map(route => [markdown_text(route.label), route.audience, weights(route.before), weights(route.after)]);
    return `${table(['listener or rule', 'for', 'before', 'after'], rows)}${andMore(routes.length, tables_limits.routes)}`;
}
function weights(shares) {
    const named = color_colors.filter(color => shares[color] !== undefined);
    return named.length === 0 ? '\u2013' : named.map(color => `${color} ${shares[color]}`).join(', ');
}
function phasesTable(phases) {
    const rows = phases.map(phase => [phase.name, time(phase.startedAt), span(phase.endedAt - phase.startedAt)]);
    return table(['phase', 'began', 'took'], rows);
}
function stepsTable(steps) {
    const rows = steps.slice(-tables_limits.steps).map(step => [`${step.share / 10}%`, time(step.at)]);
    const earlier = steps.length - rows.length;
    const more = earlier > 0 ? `\n\nand ${earlier} before them` : '';
    return `${table(['traffic on the new version', 'since'], rows)}${more}`;
}
/** Who was behind the load balancer, as far as this run has looked. */
function targetsTable({ color, targets, at }) {
    const healthy = targets.filter(({ state }) => state === 'healthy').length;
    const rows = targets
        .slice(0, tables_limits.targets)
        .map(target => [
        code(`${target.id}:${target.port}`),
        markdown_text(target.state),
        markdown_text([target.reason, target.description].filter(part => part !== undefined).join(': ')),
    ]);
    return `${healthy} of ${targets.length} targets of ${color} were healthy at ${time(at)}.\n\n${table(['target', 'health', 'why'], rows)}${andMore(targets.length, tables_limits.targets)}`;
}
function revision(taskDefinition) {
    return taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1);
}
/** Time of day with milliseconds. */
function time(at) {
    return Number.isFinite(at) && at > 0 ? new Date(at).toISOString().slice(11, 23) : '\u2013';
}

;// CONCATENATED MODULE: ./lib/src/report/requests.js



/** Characters: the cause of one request must not push out what is told of all. */
const longestFailure = 200;
/** How requests to `production-url` have ended that were not answered well, in sentences without markup. What did not happen is not told. */
function howTheyEnded(traffic) {
    const { abandoned = 0, unsent = 0, askedAgain = 0 } = traffic;
    return [
        failures(traffic),
        abandoned === 0 ? '' : `${abandoned} more ${was(abandoned)} not answered when the run ended.`,
        unsent === 0 ? '' : `${unsent} ${was(unsent)} due but not sent, because every connection waited for an answer.`,
        askedAgain === 0
            ? ''
            : `${askedAgain} ${was(askedAgain)} asked once more: the connection had been closed while idle.`,
    ]
        .filter(sentence => sentence !== '')
        .join(' ');
}
/** In the log, at the end. */
function requestsLine(traffic) {
    const more = howTheyEnded(traffic);
    return `${counted(traffic.requests, 'request')} to production-url, ${traffic.failed} failed.${more === '' ? '' : ` ${more}`}`;
}
/** Also those that are allowed: whoever allows a few wants to know which. */
function failures({ failed, failedBy = {}, lastFailure, lastFailureAt }) {
    if (failed === 0 || lastFailure === undefined)
        return '';
    const kinds = Object.entries(failedBy)
        .sort(([, one], [, other]) => other - one)
        .map(([kind, count]) => `${count} ${kind}`);
    const by = kinds.length === 0 ? '' : `Failed: ${kinds.join(', ')}. `;
    const when = lastFailureAt === undefined ? '' : ` (${time(lastFailureAt)})`;
    return `${by}The last failure${when}: ${plain(lastFailure, longestFailure)}.`;
}
function was(count) {
    return count === 1 ? 'was' : 'were';
}

;// CONCATENATED MODULE: ./lib/src/report/setup.js

function setupReport(facts) {
    return { ...facts, routes: [], phases: [], events: [] };
}
/** The title of the summary; its texts are escaped. */
function setupHeadline({ outcome, service }, { dry, steps }) {
    const of = markdown_text(service);
    if ('failure' in outcome)
        return `${of}: setup ${outcome.status === 'cancelled' ? 'cancelled' : 'failed'}`;
    if (dry && steps.length > 0)
        return `${of}: plan for setup`;
    return outcome.status === 'unchanged' ? `${of}: is a pair already` : `${of}: ready for blue/green`;
}
/** What was made, how to go on, and how to go back. */
function setupPart({ dry, steps, parts, inputs, undo }, policy) {
    const shown = [
        steps.length === 0 ? '' : `### ${dry ? 'Steps' : 'What was done'}\n\n${list(steps)}`,
        parts.length === 0
            ? ''
            : table(['', ''], parts.map(([what, name]) => [markdown_text(what), code(name)])),
        inputs === undefined
            ? ''
            : `### Your deploys\n\n${block(usage(inputs).join('\n'))}\n\nThe workflows of examples/ take the same from variables of the repository:\n\n${block(variables(inputs).join('\n'))}`,
        undo.length === 0 ? '' : details('How to undo it', block(undo.join('\n'))),
        policy === undefined ? '' : details('The least IAM policy for setup', block(setup_policyText(policy))),
    ];
    return shown.filter(part => part !== '').join('\n\n');
}
/** The same for the log, but for the steps, which it has told on the way. */
function setupLines({ setup, policy }) {
    const { inputs, undo = [] } = setup ?? {};
    return [
        ...(inputs === undefined
            ? []
            : ['Your deploys', ...[...usage(inputs), ...variables(inputs)].map(line => `  ${line}`)]),
        ...(undo.length === 0 ? [] : ['To undo it', ...undo.map(line => `  ${line}`)]),
        ...(policy === undefined ? [] : ['Policy: the least that setup needs', ...setup_policyText(policy).split('\n')]),
    ];
}
function setupOutputs(setup) {
    return { 'setup-inputs': setup?.inputs === undefined ? '' : JSON.stringify(setup.inputs) };
}
/** A step of a workflow. */
function usage(inputs) {
    return [
        '- uses: org/ecs-bluegreen@v1',
        '  with:',
        ...Object.entries(inputs).map(([name, value]) => `    ${name}: ${value}`),
        '    image: \u2026 # the image to deploy',
    ];
}
const variableNames = {
    cluster: 'ECS_CLUSTER',
    service: 'ECS_SERVICE',
    'blue-service': 'BLUE_SERVICE',
    'green-service': 'GREEN_SERVICE',
    'listener-arns': 'LISTENER_ARNS',
    'test-listener-arns': 'TEST_LISTENER',
};
/** Commands of the GitHub CLI. A base name and full names exclude each other. */
function variables(inputs) {
    const others = inputs.service === undefined ? ['service'] : ['blue-service', 'green-service'];
    return [
        ...Object.entries(inputs).map(([name, value]) => `gh variable set ${variableNames[name] ?? name} --body ${value}`),
        ...others.map(name => `gh variable delete ${variableNames[name] ?? name} # if it is set`),
    ];
}
function setup_policyText(policy) {
    return JSON.stringify(policy, undefined, 2);
}

;// CONCATENATED MODULE: ./lib/src/report/status.js




/** Routes are the only thing of which there may be many. */
const mostDrift = 30;
/** Where everything stands, for the log. */
function statusLines(report) {
    const { standing, lock } = report;
    if (standing === undefined)
        return [];
    return [
        ...colors.flatMap(color => colorLines(standing.colors[color], report.routes)),
        ...(lock === undefined ? [] : lockLines(lock, report.endedAt)),
        ...(standing.unlocked === undefined ? [] : ['Nobody holds the lock of these two services']),
        ...(standing.shift === undefined ? [] : [shiftText(standing.shift)]),
        ...driftLines(standing),
    ];
}
function driftLines({ drift }) {
    if (drift === undefined)
        return ['What does not fit together is not looked for while that run may be at work'];
    if (drift.length === 0)
        return ['No drift: weights, tags and counts fit together'];
    return drift.map(({ kind, on, says }) => `Drift (${kind}) of ${on}: ${says}`);
}
/** The same for the job summary. */
function driftPart({ drift = [] }) {
    if (drift.length === 0)
        return '';
    const rows = drift.slice(0, mostDrift).map(({ kind, on, says }) => [kind, code(on), markdown_text(says, 1_000)]);
    return `**Drift**\n\n${table(['what', 'of', ''], rows)}${andMore(drift.length, mostDrift)}`;
}
function colorLines(side, routes) {
    const weights = routes.flatMap(({ label, audience, after }) => {
        const weight = after[side.color];
        return weight === undefined ? [] : `${label} ${weight} (${audience})`;
    });
    const rows = [
        ['version', side.version === '' ? 'unknown' : side.version],
        ['image', `${side.image === '' ? 'unknown' : side.image}${side.digest === undefined ? '' : ` (${side.digest})`}`],
        ['revision', status_revision(side)],
        ['tasks', `${side.running}/${side.desired} running`],
        ['targets', targetsText(side.targets)],
        ['weights', weights.length === 0 ? 'named by no listener or rule' : weights.join(', ')],
    ];
    return [`${roleText(side)}: ${side.service}`, ...rows.map(([name, says]) => `  ${name.padEnd(8)}  ${says}`)];
}
/** The same for the job summary; weights and lock have places of their own there. */
function standingTable({ colors: sides }) {
    const row = (name, cell) => [
        name,
        ...color_colors.map(color => cell(sides[color])),
    ];
    const known = (said) => (said === undefined || said === '' ? '\u2013' : code(said));
    return table(['', ...color_colors.map(color => `${color} (${sides[color].role})`)], [
        row('version', side => (side.version === '' ? '\u2013' : `**${markdown_text(side.version)}**`)),
        row('image', side => known(side.image)),
        row('digest', side => known(side.digest)),
        row('revision', side => code(status_revision(side))),
        row('service', side => code(side.service)),
        row('tasks', side => `${side.running}/${side.desired}`),
        row('targets', side => markdown_text(targetsText(side.targets))),
    ]);
}
/** What half a shift means, and who ends it. */
function shiftText({ journal, alive }) {
    return alive
        ? `Traffic is between the colors: the run that holds the lock is ${describeJournal(journal)}`
        : 'A run was ended in the middle of a shift: the next deploy gives all the traffic to one color first';
}
function roleText({ color, role }) {
    return role === 'unclear' ? `${color}, live or idle` : `${color} is ${role}`;
}
function targetsText(targets) {
    return targets.kind === 'read' ? `${targets.healthy}/${targets.total} healthy` : `unknown: ${targets.because}`;
}
function status_revision({ taskDefinition }) {
    return taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1);
}

;// CONCATENATED MODULE: ./lib/src/report/way-back.js


function wayBack(report, { rollback }) {
    const { outcome, sides } = report;
    if (report.mode === 'status' || report.mode === 'plan' || sides === undefined)
        return '';
    switch (outcome.status) {
        case 'rolled-back':
            return `Production is back on ${sides.before.color}, all of it. Mend the cause and run again.`;
        case 'staged':
            return `**To go on**: run this action with ${code('mode: promote')} and ${code(`task-definition-arn: ${sides.candidate?.taskDefinition ?? ''}`)}.`;
        case 'succeeded':
            if (sides.before.color === sides.after.color)
                return '';
            if (report.mode === 'rollback') {
                return `To deploy ${markdown_text(sides.before.version)} again once it is mended, run this action with ${code(`image: ${sides.before.image}`)}.`;
            }
            return `**To go back**: ${rollback === undefined
                ? `run this action with ${code('mode: rollback')}.`
                : `${markdown_link('run the rollback workflow', rollback)}.`} ${sides.before.desired === 0
                ? `${markdown_text(sides.before.version)} is parked on ${sides.before.color}, and started again first.`
                : `${markdown_text(sides.before.version)} still runs on ${sides.before.color}.`}`;
        case 'failed':
        case 'cancelled':
            if (!allOn(report.routes, sides.before.color)) {
                return `**To go back**: run this action with ${code(`image: ${sides.before.image}`)}, or set the weights by hand.`;
            }
            return [
                report.left
                    ? `Production is on ${sides.before.color}, all of it.`
                    : `Production never left ${sides.before.color}.`,
                ...(outcome.status === 'cancelled' ? [] : ['Mend the cause and run again.']),
            ].join(' ');
        case 'unchanged':
            return '';
        default:
            return outcome;
    }
}
/** Whether every production route sends to this color only, by its weights at the end. */
function allOn(routes, color) {
    return routes
        .filter(route => route.audience === 'production')
        .every(route => color_colors.every(one => (route.after[one] ?? 0) > 0 === (one === color)));
}

;// CONCATENATED MODULE: ./lib/src/report/summary.js












/** GitHub drops a step's summary above 1024 KiB; the rest is room for others in the same step. */
const maxBytes = 1_000 * 1_024;
/** Bytes for what ends it, whatever is left out. */
const room = 8_192;
/** Every list is bounded, so that the whole is. */
const summary_limits = {
    versions: 50,
    events: 30,
    logLine: 500,
    requests: 1_000,
    details: 40,
    warnings: 20,
    links: 20,
    logs: 10,
    logBytes: 200_000,
};
/** The job summary: pure, from data to Markdown. */
function summaryOf(report, ways = {}) {
    const plan = planPart(report);
    const planned = report.mode === 'plan' && report.preview === undefined;
    const footer = `<sub>${markdown_text(report.service)} in cluster ${markdown_text(report.cluster)}, ${markdown_text(report.region)}; ${span(report.endedAt - report.startedAt)} in all.</sub>`;
    // The most important first: what there is no room for goes from the end.
    const { kept, left } = fitting([
        ['the headline', `## ${headline(report)}`],
        ['the cause', because(report)],
        ['links', linksOf(report)],
        ['last lines of containers', logsPart(report)],
        ['the plan', planned ? plan : ''],
        [
            'versions',
            detailParts(report)
                .filter(part => part !== '')
                .join('\n\n'),
        ],
        ['the way back', wayBack(report, ways)],
        ['requests', trafficPart(report.traffic, report.steps !== undefined)],
        ['the picture of the switch', switchPicture(report)],
        ['listeners and rules', report.routes.length === 0 ? '' : routesTable(report.routes)],
        ['steps', report.steps === undefined ? '' : stepsTable(report.steps)],
        ['the picture of the phases', phasesPicture(report)],
        ['phases', report.phases.length === 0 ? '' : phasesTable(report.phases)],
        ['targets', targetsPart(report)],
        ['warnings', report.warnings.length === 0 ? '' : list(report.warnings, summary_limits.warnings)],
        ['events', report.events.length === 0 ? '' : eventsPart(report)],
        ['checks', planned ? '' : plan],
    ], maxBytes - room);
    const end = leftOut(left, 'GitHub shows no summary above 1 MiB');
    return `${[...kept, end, footer].filter(part => part !== '').join('\n\n')}\n`;
}
/** What is so now, or is to be. */
function detailParts(report) {
    const { preview, setup, policy, lock, standing, endedAt } = report;
    return [
        preview === undefined ? '' : previewPart(preview, policy),
        setup === undefined ? '' : setupPart(setup, policy),
        lock === undefined ? '' : list(lock_lockLines(lock, endedAt)),
        standing === undefined ? '' : driftPart(standing),
        sidesPart(report),
    ];
}
function headline(report) {
    if (report.setup !== undefined)
        return setupHeadline(report, report.setup);
    if (report.preview !== undefined)
        return previewHeadline(report, report.preview);
    const { outcome, sides } = report;
    const service = markdown_text(report.service);
    switch (outcome.status) {
        case 'succeeded':
            return sides === undefined || sides.before.color === sides.after.color
                ? `${service}: done${stillLive(sides)}`
                : `${service}: ${markdown_text(sides.before.version)} \u2192 ${markdown_text(sides.after.version)}, now live on ${sides.active}`;
        case 'staged':
            return `${service}: ${markdown_text(sides?.candidate?.version ?? '')} is staged${stillLive(sides)}`;
        case 'unchanged':
            return sides === undefined
                ? `${service}: unchanged`
                : report.mode === 'plan'
                    ? `${service}: plan, ${markdown_text(sides.after.version)} is live on ${sides.active}`
                    : report.mode === 'status'
                        ? `${service}: ${markdown_text(sides.after.version)} is live on ${sides.active}`
                        : `${service}: unchanged, ${markdown_text(sides.after.version)} is live on ${sides.active}`;
        case 'failed':
            return `${service}: failed${stillLive(sides)}`;
        case 'rolled-back':
            return `${service}: rolled back${stillLive(sides)}`;
        case 'cancelled':
            return `${service}: cancelled${stillLive(sides)}`;
        default:
            return outcome;
    }
}
function stillLive(sides) {
    if (sides === undefined)
        return '';
    return sides.after.version === ''
        ? `, ${sides.active} is live`
        : `, ${markdown_text(sides.after.version)} is live on ${sides.active}`;
}
function because(report) {
    const { outcome } = report;
    switch (outcome.status) {
        case 'succeeded':
        case 'staged':
        case 'unchanged':
            return report.mode === 'status' ? '' : `${markdown_text(outcome.because)}.`;
        case 'failed':
        case 'rolled-back':
        case 'cancelled': {
            const { failure } = outcome;
            return [
                `**${failure.code}**: ${markdown_text(failure.headline, 1_000)}${hintOfLogs(report)}`,
                list(failure.details, summary_limits.details),
            ]
                .filter(part => part !== '')
                .join('\n\n');
        }
        default:
            return outcome;
    }
}
function linksOf({ links = [] }) {
    const shown = links.slice(0, summary_limits.links).map(({ label, url }) => markdown_link(label, url));
    return `${shown.join(' \u00b7 ')}${andMore(links.length, summary_limits.links)}`;
}
/** Folded, right under the failure: what the containers themselves have said explains most crashes. */
function logsPart({ logs = [] }) {
    const most = summary_limits.logBytes / Math.min(summary_limits.logs, logs.length);
    const told = logs
        .slice(0, summary_limits.logs)
        .map(({ container, task, lines, note: why }) => {
        const shown = lastLines(lines, most);
        const title = `Last lines of ${container} in task ${task}`;
        const folded = shown.length === 0 ? '' : details(`${title} (${shown.length})`, block(shown.join('\n'), most));
        if (why !== undefined)
            return [folded, note(why)].filter(part => part !== '').join('\n\n');
        return folded === '' ? markdown_text(`${title}: it printed nothing.`) : folded;
    })
        .join('\n\n');
    return `${told}${andMore(logs.length, summary_limits.logs)}`;
}
/** Those that a block of so many bytes surely has room for, escapes included: of a crash, the last ones tell. */
function lastLines(lines, most) {
    const clipped = lines.map(line => (line.length > summary_limits.logLine ? `${line.slice(0, summary_limits.logLine)}\u2026` : line));
    let bytes = 0;
    const from = clipped.findLastIndex(line => {
        bytes += Buffer.byteLength(block(line)) + 1;
        return bytes > most;
    });
    return clipped.slice(from + 1);
}
/** In the first screen, which a long list of details would leave to others. */
function hintOfLogs({ logs = [] }) {
    const spoke = [...new Set(logs.filter(({ lines }) => lines.length > 0).map(({ container }) => container))];
    if (spoke.length > 0)
        return ` What ${markdown_text(spoke.join(' and '))} said last is below.`;
    return logs.some(log => log.note !== undefined) ? ' Why the last lines of its containers are missing is below.' : '';
}
function sidesPart({ standing, sides }) {
    if (standing !== undefined)
        return standingTable(standing);
    return sides === undefined ? '' : switchTable(sides);
}
function trafficPart(traffic, stepped) {
    if (traffic === undefined)
        return '';
    const mixed = traffic.mixedMs === undefined
        ? ''
        : traffic.mixedMs === 0
            ? ` ${stepped ? 'Once the new version had all the traffic it' : 'It'} never heard both versions at once; it asked every ${traffic.everyMs} ms on average.`
            : ` Both versions answered for ${span(traffic.mixedMs)}${stepped ? ' after the last step' : ''}; it asked every ${traffic.everyMs} ms on average.`;
    const ended = howTheyEnded(traffic);
    const first = `**${count_counted(traffic.requests, 'request')}** to ${code(traffic.url)} during the switch, **${traffic.failed} failed**.${ended === '' ? '' : ` ${markdown_text(ended, summary_limits.requests)}`}${mixed}`;
    const rows = traffic.versions
        .slice(0, summary_limits.versions)
        .map(seen => [markdown_text(seen.version), String(seen.count), time(seen.firstAt), time(seen.lastAt)]);
    const more = andMore(traffic.versions.length, summary_limits.versions);
    return rows.length === 0 ? first : `${first}\n\n${table(['version', 'answers', 'first', 'last'], rows)}${more}`;
}
function targetsPart({ targets = [] }) {
    return targets.length === 0 ? '' : details('Targets', targets.map(targetsTable).join('\n\n'));
}
function eventsPart(report) {
    const lines = report.events.slice(0, summary_limits.events).map(event => `- ${time(event.at)} ${markdown_text(event.message)}`);
    return details(`Events of ${report.sides?.candidate?.service ?? report.sides?.after.service ?? 'the service'} since the start (${report.events.length})`, `${lines.join('\n')}${andMore(report.events.length, summary_limits.events)}`);
}

;// CONCATENATED MODULE: ./lib/src/report/summary-file.js



/** Appends the summary to what other actions have written in the same step. */
async function writeSummary(report, file, env) {
    // Whatever is wrong with files of the job only costs the link.
    const rollback = await rollbackPage(env).catch(() => undefined);
    await (0,promises_namespaceObject.appendFile)(file, summaryOf(report, rollback === undefined ? {} : { rollback }));
}

var __webpack_exports__writeSummary = __webpack_exports__.S;
export { __webpack_exports__writeSummary as writeSummary };
