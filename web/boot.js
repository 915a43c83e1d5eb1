// Starts the page: looks whether the browser can run Netsplit, loads the program and shows how far it is, and says in a
// sentence what is wrong when it cannot be shown. Nothing here asks any host but the page's own.
'use strict';

var Module = {};

(function () {
  const by_id = (id) => document.getElementById(id);
  const self = document.currentScript;
  // The version in this script's own address goes on to the program, so that a cache never mixes two builds.
  const version = netsplit.version = new URL(self.src).search;
  const total = Number(self.dataset.wasmBytes) || 0;
  let over = false;  // failed, for good
  let covered = true;
  const words = netsplit.words;

  netsplit.fail = function (sentence, remedy) {
    if (over) return;
    over = true;
    if (sentence) by_id('failure').textContent = sentence;
    by_id('remedy').textContent = remedy;
    by_id('wait').hidden = true;
    by_id('failed').hidden = false;
    by_id('mirror').hidden = true;
    by_id('cover').classList.remove('done');
    document.body.classList.add('failed');
    by_id('again').focus();
  };

  netsplit.no_webgl = () => netsplit.fail(words('no_webgl'), words('no_webgl_remedy'));

  netsplit.uncover = function () {
    if (over || !covered) return;
    covered = false;
    netsplit.running = true;
    by_id('cover').classList.add('done');
  };

  // What brings the program down while it runs. The run itself is kept in the address.
  function stopped(reason) {
    netsplit.fail(words('stopped'),
      words('stopped_remedy') + (reason ? ' ' + words('stopped_fault', String(reason).slice(0, 160)) : ''));
  }

  function show_progress(received) {
    const kilobytes = (bytes) => Math.round(bytes / 1000).toLocaleString(netsplit.language);
    if (total) by_id('progress').value = Math.min(1, received / total);
    else by_id('progress').removeAttribute('value');
    by_id('loading').textContent =
      total ? words('loaded_of', kilobytes(Math.min(received, total)), kilobytes(total)) : words('loaded', kilobytes(received));
  }

  // The bytes of a file of this build; `progress` is told how many there are so far.
  netsplit.load = async function (name, progress) {
    const response = await fetch(name + version, { credentials: 'same-origin' });
    if (!response.ok) throw new Error(words('server_answered', response.status));
    if (!progress || !response.body) return response.arrayBuffer();
    const chunks = [];
    const reader = response.body.getReader();
    for (let received = 0;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      progress(received += value.byteLength);
    }
    return new Blob(chunks).arrayBuffer();
  };

  // Not compiled while it arrives: that needs the right type from every host, and is over in a blink anyway.
  async function load_program() {
    const [program, scenarios] =
      await Promise.all([netsplit.load('netsplit.wasm', show_progress), netsplit.load('scenarios.txt')]);
    netsplit.scenarios = new Uint8Array(scenarios);  // the program takes them
    return WebAssembly.compile(program);
  }

  function not_loaded(error) {
    netsplit.fail(words('not_loaded', error && error.message || words('connection_lost')), words('not_loaded_remedy'));
  }

  function start() {
    if (!window.netsplit_texts) return netsplit.fail('', '');  // the sentence in the HTML is all there is
    if (location.protocol === 'file:') {
      return netsplit.fail(words('from_file'), words('from_file_remedy'));
    }
    if (typeof WebAssembly !== 'object' || !WebAssembly.instantiate) {
      return netsplit.fail(words('no_wasm'), words('no_wasm_remedy'));
    }
    // The program asks for the same context again and gets this one; asked here, nobody downloads in vain.
    const wanted = { alpha: false, depth: false, stencil: false, antialias: false };
    if (!by_id('canvas').getContext('webgl2', wanted)) return netsplit.no_webgl();

    const program = load_program();
    program.catch(not_loaded);
    Module.instantiateWasm = function (imports, receive) {
      program.then(async (compiled) => receive(await WebAssembly.instantiate(compiled, imports), compiled)).catch(stopped);
      return {};
    };
    Module.onAbort = stopped;
    addEventListener('error', (event) => {
      if (event.error instanceof WebAssembly.RuntimeError) stopped(event.error.message);
    });
    // After input.js and mirror.js, which the program calls.
    addEventListener('DOMContentLoaded', () => {
      const script = document.createElement('script');
      script.src = 'netsplit.js' + version;
      script.onerror = () => not_loaded(new Error(words('part_missing')));
      document.head.append(script);
    });
  }

  by_id('again').addEventListener('click', () => location.reload());
  by_id('wait').hidden = false;
  start();
})();
