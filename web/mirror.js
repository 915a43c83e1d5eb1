// The page's own words: the address, the clipboard, notices, and the window as text for those who do not see it. The
// text follows App::mirror() and touches an element only when its words change, so that a screen reader says each
// thing once.
'use strict';

(function () {
  const by_id = (id) => document.getElementById(id);
  const words = netsplit.words;
  const update_every_ms = 250;  // while something moves
  const links_listed = 40;
  const events_listed = 8;

  // --- Notices and the clipboard --------------------------------------------------------------------------------
  // An empty sentence takes the notice away.
  netsplit.say = function (sentence, link = '') {
    by_id('notice').hidden = !sentence;
    by_id('notice-text').textContent = sentence;
    by_id('notice-link').hidden = !link;
    by_id('notice-link').value = link;
    if (link) {
      by_id('notice-link').focus();
      by_id('notice-link').select();
    }
  };

  // For browsers that keep the clipboard from pages without https.
  function copy_by_selection(text) {
    const field = document.createElement('textarea');
    const before = document.activeElement;
    field.value = text;
    field.className = 'unseen';
    document.body.append(field);
    field.select();
    let done = false;
    try { done = document.execCommand('copy'); } catch { /* refused */ }
    field.remove();
    if (before) before.focus({ preventScroll: true });
    return done;
  }

  const page_address = () => location.href.split('#')[0];

  netsplit.copy = async function (text) {
    const whole = /^#v\d+\./.test(text) ? page_address() + text : text;
    try {
      await navigator.clipboard.writeText(whole);
    } catch {
      if (copy_by_selection(whole)) return;
      netsplit.say(words('no_copy'), whole);
    }
  };

  // --- The address ----------------------------------------------------------------------------------------------
  // The run stands in the fragment, which browsers send to no server. Replaced, not pushed: Back leaves the page.
  let shown_link = '';

  function show_link(link) {
    shown_link = link;
    try {
      history.replaceState(null, '', link || location.pathname + location.search);
    } catch { /* some browsers allow only so many changes; the next one will stand */ }
  }
  netsplit.link_changed = show_link;

  // "#v1.…" is a run, "#lock-fenced" an experiment. What cannot be opened changes nothing but earns a sentence.
  function open_address(address) {
    const link = new URL(address).hash;
    if (link === shown_link || link.length < 2) return;
    const opened = /^#[a-z0-9][a-z0-9-]*$/.test(link) && !/^#v\d/.test(link) ?
      netsplit.open_scenario(link.slice(1)) : netsplit.open_link(link);
    if (opened) shown_link = link;
    else show_link(shown_link);
  }

  // --- The window as text ---------------------------------------------------------------------------------------
  function set_text(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function set_list(list, items, make, fill) {
    while (list.children.length > items.length) list.lastElementChild.remove();
    items.forEach((item, i) => {
      if (!list.children[i]) list.append(make());
      fill(list.children[i], item);
    });
  }

  const element = (name, ...children) => {
    const made = document.createElement(name);
    made.append(...children);
    return made;
  };

  function row(...buttons) {
    const made = element('li', element('span'), ...buttons.map(() => element('button')));
    made.className = 'row';
    return made;
  }
  function set_button(button, label, command, argument) {
    set_text(button, label);
    button.dataset.command = command;
    button.dataset.argument = argument;
  }

  const standing_words = { open: 'undecided', holds: 'holds', violated: 'violated', withheld: 'guess_first' };
  const seconds = (us) => (us / 1e6).toFixed(3) + ' s';

  function show_properties(properties) {
    set_list(by_id('mirror-verdicts'), properties, () => {
      const item = element('li', element('b'), element('span'), element('span'));
      item.children[1].lang = 'en';  // protocols speak English
      return item;
    }, (item, property) => {
      item.dataset.standing = property.standing;
      set_text(item.children[0], words(standing_words[property.standing]) + ', ' + words(property.kind) + ': ');
      const violated = property.standing === 'violated';
      const later = !violated && property.ahead === 'violated' ? ' ' + words('breaks_later') : '';
      set_text(item.children[1], property.sentence);
      set_text(item.children[2], violated && property.why ? ' ' + words('why', property.why) : later);
    });
  }

  function show_nodes(nodes) {
    set_list(by_id('mirror-nodes'), nodes, () => row(1, 2), (item, node) => {
      const paused = node.condition === 'paused', is_down = node.condition === 'down';
      set_text(item.children[0], node.name + ', ' + node.role.replaceAll('_', ' ') + ', ' + words(node.condition) +
        (node.caption ? ': ' + node.caption : ''));
      set_button(item.children[1], words(paused ? 'resume_node' : 'pause_node', node.name), paused ? 'resume_node' : 'pause_node', node.name);
      set_button(item.children[2], words(is_down ? 'restart_node' : 'crash_node', node.name), is_down ? 'restart_node' : 'crash_node', node.name);
    });
  }

  function show_links(links) {
    set_list(by_id('mirror-links'), links.slice(0, links_listed), () => row(1), (item, link) => {
      set_text(item.children[0], words('between', link.from, link.to, words('link_' + link.state)));
      const open = link.state === 'open';
      set_button(item.children[1], words(open ? 'cut' : 'heal'), open ? 'cut' : 'heal', link.from + ',' + link.to);
      item.children[1].setAttribute('aria-label', words(open ? 'cut_between' : 'heal_between', link.from, link.to));
    });
  }

  // A question can be answered until a guess was made; what came out is said whenever it does.
  function show_lesson(lesson) {
    by_id('mirror-lesson').hidden = !lesson;
    if (!lesson) return;
    set_text(by_id('mirror-lesson-step'), `${words('lesson_step', lesson.step + 1, lesson.steps)} ${lesson.note}`.trim());
    set_text(by_id('mirror-lesson-text'), lesson.title + ' ' + lesson.text);
    set_text(by_id('mirror-question'), lesson.question || '');
    const open = lesson.question && lesson.picked === undefined ? lesson.answers : [];
    set_list(by_id('mirror-answers'), open, () => element('li', element('button')), (item, answer) =>
      set_button(item.children[0], answer, 'answer', String(lesson.answers.indexOf(answer))));
    by_id('mirror-task').hidden = !lesson.task;
    set_text(by_id('mirror-task').children[0], words(lesson.task_done ? 'task_done' : 'your_turn', lesson.task || ''));
    by_id('mirror-task').children[1].hidden = lesson.task_done;
    set_list(by_id('mirror-answered'), lesson.answered, () => {
      const item = element('li', element('span'), element('span'));
      item.children[0].lang = 'en';
      return item;
    }, (item, { question, picked, truth, right }) => {
      set_text(item.children[0], question + ' ');
      set_text(item.children[1], right ? words('guessed_right', truth) : words('guessed_wrong', picked, truth));
    });
  }

  function show_operations(operations) {
    set_list(by_id('mirror-operations'), operations, () => element('li'), (item, { client, text, outcome, answer }) =>
      set_text(item, client + ': ' + text + ', ' + words('outcome_' + outcome) + (answer ? ': ' + answer : '')));
  }

  // What the picture has shapes and signs for, a line for each part of it.
  function show_legend(parts) {
    set_list(by_id('mirror-legend'), parts, () => element('li'), (item, part) => {
      const rows = part.rows.map((row) => row.text + (row.names ? ' (' + row.names + ')' : ''));
      set_text(item, part.title + ': ' + rows.join(', '));
    });
  }

  // Only while stepping: a running simulation says more than anyone can listen to.
  function show_events(events, playing) {
    const list = by_id('mirror-events');
    list.setAttribute('aria-live', playing ? 'off' : 'polite');
    const last = events.slice(-events_listed);
    const wanted = new Set(last.map((event) => String(event.index)));
    for (const item of [...list.children]) if (!wanted.has(item.dataset.index)) item.remove();
    last.forEach((event, i) => {
      let item = list.children[i];
      if (!item || item.dataset.index !== String(event.index)) {
        item = element('li', element('time'), element('span'));
        item.dataset.index = event.index;
        list.insertBefore(item, list.children[i] || null);
      }
      set_text(item.children[0], seconds(event.at_us) + ' ');
      set_text(item.children[1], event.text);
    });
  }

  // What someone is typing into, or choosing from, keeps what they have chosen so far.
  function set_value(field, value) {
    if (document.activeElement !== field && field.value !== value) field.value = value;
  }

  function show_parameters(parameters) {
    set_list(by_id('mirror-parameters'), parameters, () => {
      const item = element('li', element('label', element('span'), element('input')), element('span'));
      item.className = 'row';
      return item;
    }, (item, parameter) => {
      const [label, sentence] = item.children;
      set_text(label.children[0], parameter.name.replaceAll('_', ' ') + ' ');
      label.children[1].dataset.argument = parameter.name;
      set_value(label.children[1], parameter.value);
      set_text(sentence, parameter.sentence);
    });
  }

  function show_branches(branches, current) {
    const select = by_id('mirror-branch');
    set_list(select, branches, () => element('option'), (option, branch) => {
      option.value = String(branch.id);
      set_text(option, branch.parent < 0 ? branch.name : words('branch_from', branch.name, seconds(branch.fork_us)));
    });
    set_value(select, String(current));
  }

  function show_speed(speed_ppm) {
    const select = by_id('mirror-speed');
    const usual = [10_000, 100_000, 250_000, 500_000, 1_000_000, 2_000_000, 10_000_000, 100_000_000];
    const offered = usual.includes(speed_ppm) ? usual : [...usual, speed_ppm].sort((a, b) => a - b);
    set_list(select, offered, () => element('option'), (option, ppm) => {
      option.value = String(ppm);
      set_text(option, words('times_real', (ppm / 1e6).toLocaleString(netsplit.language)));
    });
    set_value(select, String(speed_ppm));
  }

  // While it works only whoever looks hears how far it is; the end is said.
  function show_checks(checker) {
    const task = checker.tasks.find((one) => one.kind === checker.shown);
    const status = by_id('mirror-check-status');
    status.setAttribute('aria-live', task.running ? 'off' : 'polite');
    const more = { explore: [task.depth], sweep: [task.total, task.failing], shrink: [], judge: [] }[task.kind];
    const done = () => words('done_' + task.kind, task.done, ...more);
    set_text(status, task.running ? words('working', done(), seconds(task.elapsed_ms * 1000)) :
      task.error || [task.cancelled ? words('cancelled') : task.headline, ...task.coverage.map((line) => line.label + ': ' + line.text)]
        .filter(Boolean).join('. '));
    by_id('mirror-check-cancel').hidden = !task.running;
    by_id('mirror-check-back').hidden = !checker.found;
    set_value(by_id('mirror-check-kind'), checker.shown);
    set_list(by_id('mirror-findings'), task.findings, () => row(1, 2), (item, finding) => {
      const index = task.findings.indexOf(finding);
      set_text(item.children[0], finding.name + ': ' + finding.verdict + '. ' + finding.sentence +
        (finding.why ? ' ' + words('why', finding.why) : ''));
      set_button(item.children[1], finding.opens ? words('open_found', finding.name) : words('show_moment'),
        finding.opens ? 'check_open' : 'check_moment', String(index));
      set_button(item.children[2], words('copy_found', finding.name), 'check_share', String(index));
      item.children[1].hidden = !finding.opens && finding.at_us < 0;
      item.children[2].hidden = !finding.opens;
    });
  }

  function show(state) {
    if (state.language !== netsplit.language) netsplit.speak(state.language);
    set_text(by_id('mirror-status'), state.toast);
    set_text(by_id('mirror-play'), words(state.playing ? 'pause' : 'play'));
    if (!state.open) return;
    const title = state.scenario.title || state.scenario.id;
    const whole_title = words('title', title);
    if (document.title !== whole_title) document.title = whole_title;
    set_text(by_id('mirror-title'), title);
    set_text(by_id('mirror-summary'), state.scenario.summary);
    set_text(by_id('mirror-moment'), words(state.playing ? 'playing_at' : 'stands_at', seconds(state.time_us), state.step,
      state.steps_known, state.seed_text));
    set_value(by_id('mirror-seed'), state.seed_text);
    show_speed(state.speed_ppm);
    show_parameters(state.parameters);
    show_branches(state.branches, state.branch);
    show_lesson(state.lesson);
    show_properties(state.properties);
    show_checks(state.checker);
    show_nodes(state.nodes);
    show_links(state.links);
    show_operations(state.operations);
    show_legend(state.legend.parts);
    show_events(state.events, state.playing);
  }

  const mirror_text = () => Module.ccall('page_mirror', 'string', [], []);
  netsplit.mirror = () => JSON.parse(mirror_text());
  netsplit.frames = () => Module._page_frames();

  let shown_text = '';
  let shown_ms = -1e9;
  let theme = '';

  // After every frame. `moving`: more frames follow.
  netsplit.drawn = function (moving, light) {
    netsplit.uncover();
    if (theme !== (light ? 'light' : 'dark')) {
      theme = light ? 'light' : 'dark';
      document.documentElement.dataset.theme = theme;
      for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.content = light ? '#ffffff' : '#131922';
    }
    const now = performance.now();
    if (moving && now - shown_ms < update_every_ms) return;
    shown_ms = now;
    const text = mirror_text();
    if (text === shown_text) return;
    shown_text = text;
    show(JSON.parse(text));
  };

  function fill_library() {
    const groups = new Map();
    for (const scenario of JSON.parse(Module.ccall('page_library', 'string', [], []))) {
      if (!groups.has(scenario.chapter)) {
        const group = element('optgroup');
        group.label = scenario.chapter;
        groups.set(scenario.chapter, group);
      }
      const option = element('option', scenario.title);
      option.value = scenario.id;
      groups.get(scenario.chapter).append(option);
    }
    by_id('mirror-library').append(...groups.values());
  }

  function listen() {
    by_id('mirror').addEventListener('click', (event) => {
      const { command, argument } = event.target.dataset;
      if (command) netsplit.command(command, argument || '');
    });
    by_id('mirror').addEventListener('keydown', (event) => { if (event.key === 'Escape') by_id('canvas').focus(); });
    // Fields and lists act when they are left or Enter is pressed, as the browser has it.
    by_id('mirror').addEventListener('change', (event) => {
      const { act, argument } = event.target.dataset;
      if (act) netsplit.command(act, event.target.value.trim());
      else if (argument) netsplit.command('parameter', argument + '=' + event.target.value.trim());
    });
    by_id('mirror-leave').addEventListener('click', () => by_id('canvas').focus());
    by_id('mirror-check').addEventListener('click', () => netsplit.command('check', by_id('mirror-check-kind').value));
    by_id('mirror-check-kind').addEventListener('change', (event) => netsplit.command('check_show', event.target.value));
    by_id('mirror-open').addEventListener('click', () => netsplit.open_scenario(by_id('mirror-library').value));
    by_id('mirror-file').addEventListener('change', (event) => {
      if (event.target.files.length) netsplit.open_file(event.target.files[0]);
      event.target.value = '';  // the same file may be chosen again
    });
    by_id('notice-close').addEventListener('click', () => {
      netsplit.say('');
      by_id('canvas').focus();
    });
    // The event's own address: the window may have written its run into the page's since.
    addEventListener('hashchange', (event) => open_address(event.newURL));
    matchMedia('(prefers-color-scheme: light)').addEventListener('change', (event) =>
      netsplit.command('system_theme', event.matches ? 'light' : 'dark'));
    matchMedia('(prefers-reduced-motion: reduce)').addEventListener('change', (event) =>
      netsplit.command('motion', event.matches ? 'reduced' : 'full'));
  }

  netsplit.choose_file = () => by_id('mirror-file').click();

  // The program runs and has its App.
  netsplit.ready = function () {
    netsplit.listen();
    listen();
    fill_library();
    by_id('mirror').hidden = false;
    if (location.hash.length > 1) open_address(location.href);
    else Module._page_restore();
    netsplit.keep_program();
  };
})();
