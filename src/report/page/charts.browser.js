// Runs in the reader's browser, in the page that page.ts writes. It draws numbers, and has no other way to reach the document than text.
;(() => {
  const { charts } = JSON.parse(document.getElementById('numbers').textContent)
  const color = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
  const drawn = []

  function seriesOf(line) {
    return {
      label: line.label,
      stroke: () => color(line.role),
      fill: () => color(`${line.role}-fill`),
      // Told apart without colors, too.
      dash: { failed: [3, 3], others: [8, 4] }[line.role],
      width: 2,
      points: { show: false },
      paths: uPlot.paths.stepped({ align: 1 }),
    }
  }

  function axis(label, side) {
    return {
      label,
      labelSize: 24,
      size: side === 'x' ? 40 : 52,
      stroke: () => color('ink'),
      grid: { stroke: () => color('line'), width: 1 },
      ticks: { stroke: () => color('line'), width: 1 },
    }
  }

  function draw(place) {
    const chart = charts[place.dataset.chart]
    const size = () => ({ width: Math.max(240, place.clientWidth), height: place.clientWidth < 600 ? 260 : 320 })
    const top = Math.max(1, ...chart.lines.flatMap(line => line.values))
    const options = {
      ...size(),
      scales: { x: { time: false }, y: { range: [0, top * 1.05] } },
      series: [{ label: 'seconds' }, ...chart.lines.map(seriesOf)],
      axes: [axis(chart.across, 'x'), axis(chart.up, 'y')],
      cursor: { drag: { x: true, y: false } },
    }
    const plot = new uPlot(options, [chart.x, ...chart.lines.map(line => line.values)], place)
    // The numbers are in the table below it.
    plot.root.querySelector('.u-wrap').setAttribute('aria-hidden', 'true')
    drawn.push(plot)
    new ResizeObserver(() => {
      const next = size()
      if (next.width !== plot.width || next.height !== plot.height) plot.setSize(next)
    }).observe(place)
    return plot
  }

  const plots = new Map()
  for (const place of document.querySelectorAll('[data-chart]')) plots.set(place.dataset.chart, draw(place))

  for (const button of document.querySelectorAll('button[data-zoom]')) {
    const plot = plots.get(button.dataset.zoom)
    const [whole] = plot.data
    button.hidden = false
    button.addEventListener('click', () => {
      const { min, max } = plot.scales.x
      const middle = (min + max) / 2
      const factor = Number(button.dataset.by)
      const half = ((max - min) / 2) * factor
      const shown = factor === 0 ? [whole[0], whole.at(-1)] : [middle - half, middle + half]
      plot.setScale('x', { min: Math.max(whole[0], shown[0]), max: Math.min(whole.at(-1), shown[1]) })
    })
  }

  const redraw = () => {
    for (const plot of drawn) plot.redraw(false, true)
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
  // Paper is white, and cannot be unfolded.
  matchMedia('print').addEventListener('change', redraw)
  addEventListener('beforeprint', () => {
    for (const folded of document.querySelectorAll('details')) folded.open = true
  })
})()
