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

  function axis(size, label) {
    return {
      ...(label === undefined ? {} : { label, labelSize: 24 }),
      size,
      stroke: () => color('ink'),
      grid: { stroke: () => color('line'), width: 1 },
      ticks: { stroke: () => color('line'), width: 1 },
    }
  }

  /** Pixels that a slice with a failure has at least, however many answers there are beside it. */
  const least = { height: 12, width: 4 }

  function markFailures(lines) {
    const index = lines.findIndex(line => line.role === 'failed')
    return plot => {
      const values = index < 0 ? [] : plot.data[index + 1]
      const [x] = plot.data
      const { ctx, bbox } = plot
      ctx.save()
      ctx.beginPath()
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
      ctx.clip()
      ctx.fillStyle = color('failed')
      const scale = devicePixelRatio
      // The last value only ends the slice before it.
      for (const [slice, value] of values.slice(0, -1).entries()) {
        if (value === 0) continue
        const left = plot.valToPos(x[slice], 'x', true)
        const width = Math.max(least.width * scale, plot.valToPos(x[slice + 1], 'x', true) - left)
        const bottom = bbox.top + bbox.height
        const height = Math.max(least.height * scale, bottom - plot.valToPos(value, 'y', true))
        ctx.fillRect(left, bottom - height, width, height)
      }
      ctx.restore()
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
      axes: [axis(40), axis(52, chart.up)],
      cursor: { drag: { x: true, y: false } },
      // A finger does not hover: it would read nothing but dashes.
      legend: { live: matchMedia('(hover: hover)').matches },
      hooks: { draw: [markFailures(chart.lines)] },
    }
    const words = place.firstElementChild
    const plot = new uPlot(options, [chart.x, ...chart.lines.map(line => line.values)], place)
    // The words, and the open table, are for who has no chart.
    words.remove()
    place.closest('figure').querySelector('details').open = false
    // The numbers are in the table below it.
    plot.root.querySelector('.u-wrap').setAttribute('aria-hidden', 'true')
    // On a canvas it would be cut off on a phone: it has the name of a version.
    const across = document.createElement('p')
    across.className = 'across'
    across.textContent = chart.across
    plot.root.querySelector('.u-wrap').after(across)
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
      const [first, last] = [whole[0], whole.at(-1)]
      if (button.dataset.go !== undefined) {
        // As far as there is something to see: what is shown stays as wide.
        const by = Math.min(last - max, Math.max(first - min, (max - min) * Number(button.dataset.go)))
        plot.setScale('x', { min: min + by, max: max + by })
        return
      }
      const factor = Number(button.dataset.by)
      const middle = (min + max) / 2
      const half = ((max - min) / 2) * factor
      const shown = factor === 0 ? [first, last] : [middle - half, middle + half]
      plot.setScale('x', { min: Math.max(first, shown[0]), max: Math.min(last, shown[1]) })
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
