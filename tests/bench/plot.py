# SPDX-License-Identifier: Apache-2.0
"""Draws seconds over numbers of instances, both axes logarithmic, as SVG."""

from math import ceil, floor, log10

LEFT, RIGHT, TOP, BOTTOM = 70, 570, 40, 330
COLOURS = ["#06c", "#c60"]


def powers(values):
    """The powers of ten around all of them."""
    first, last = floor(log10(min(values))), ceil(log10(max(values)))
    return [10.0**n for n in range(first, max(last, first + 1) + 1)]


def scale(marks, low, high):
    first, last = log10(marks[0]), log10(marks[-1])
    return lambda value: low + (log10(value) - first) / (last - first) * (high - low)


def picture(title, counts, lines):
    """`lines`: name and, for each of the counts, seconds."""
    marks, times = powers(counts), powers([value for _, values in lines for value in values])
    x, y = scale(marks, LEFT, RIGHT), scale(times, BOTTOM, TOP)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="600" height="390" font-family="sans-serif" font-size="13">',
           '<rect width="600" height="390" fill="white"/>',
           f'<text x="{LEFT}" y="24" font-size="15">{title}</text>']
    for count in marks:
        out.append(f'<line x1="{x(count):.0f}" y1="{TOP}" x2="{x(count):.0f}" y2="{BOTTOM}" stroke="#ddd"/>'
                   f'<text x="{x(count):.0f}" y="350" text-anchor="middle">{count:,.0f}</text>')
    for seconds in times:
        out.append(f'<line x1="{LEFT}" y1="{y(seconds):.0f}" x2="{RIGHT}" y2="{y(seconds):.0f}" stroke="#ddd"/>'
                   f'<text x="62" y="{y(seconds) + 4:.0f}" text-anchor="end">{seconds:g} s</text>')
    for place, ((name, values), colour) in enumerate(zip(lines, COLOURS)):
        points = [(x(count), y(seconds)) for count, seconds in zip(counts, values)]
        path = " ".join(f"{at:.1f},{height:.1f}" for at, height in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{at:.1f}" cy="{height:.1f}" r="4" fill="{colour}"/>' for at, height in points]
        out.append(f'<text x="{LEFT + 10}" y="{TOP + 20 + 18 * place}" fill="{colour}">{name}</text>')
    out.append('<text x="320" y="376" text-anchor="middle">instances</text></svg>')
    return "\n".join(out) + "\n"
