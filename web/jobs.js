// Long work beside the page: each job has a Worker, with an instance of a program that has no window. It is loaded and
// compiled when the first job begins, and handed on to every Worker. A job is cancelled by ending its Worker.
'use strict';

(function () {
  const workers = new Map();  // by the job's number

  netsplit.jobs_possible = () => typeof Worker === 'function';

  // How much one job may keep, in MiB. A browser that does not say what the machine has gets a careful answer.
  netsplit.job_memory = () => Math.min(768, 128 * (navigator.deviceMemory || 3));

  let program = null;
  function load_program() {
    program = program || netsplit.load('netsplit-worker.wasm').then((bytes) => WebAssembly.compile(bytes));
    program.catch(() => { program = null; });  // the next job asks again
    return program;
  }

  function over(number) {
    const worker = workers.get(number);
    if (worker) worker.terminate();
    workers.delete(number);
    return Boolean(worker);
  }

  netsplit.start_job = async function (number, request) {
    const worker = new Worker('worker.js' + netsplit.version);
    workers.set(number, worker);
    const fail = (sentence) => {
      if (over(number)) news(JSON.stringify({ error: sentence }));
    };
    const news = (text) => Module.ccall('page_job_news', null, ['number', 'string'], [number, text]);
    worker.onmessage = ({ data }) => {
      const wanted = workers.has(number);  // a cancelled one may have spoken before it ended
      if (data.over) over(number);
      if (wanted) news(data.text);
    };
    worker.onmessageerror = () => fail(netsplit.words('no_worker'));
    worker.onerror = (event) => {
      event.preventDefault();
      const memory = /memory|alloc|OOM/i.test(event.message || '');
      fail(memory ? netsplit.words('no_memory') :
        netsplit.words('work_fault', String(event.message || '?').slice(0, 160)));
    };
    let compiled;
    try {
      compiled = await load_program();
    } catch (error) {
      return fail(netsplit.words('not_loaded', error.message || netsplit.words('connection_lost')));
    }
    worker.postMessage({ compiled, version: netsplit.version, request });
  };

  netsplit.cancel_job = over;

  // A file for whoever looks at the page to keep.
  netsplit.save = function (name, bytes) {
    const types = { svg: 'image/svg+xml', png: 'image/png', json: 'application/json' };
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes], { type: types[name.split('.').pop()] || 'text/plain' }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };
})();
