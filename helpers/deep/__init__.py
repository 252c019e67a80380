"""Other ways to compare: learned features of made-up logos, and log-in pages judged by them.

`emblems` and `logos` make brands, `views` pictures of them, `pairs` choose which to compare.
`baselines` are the older ways, `network` the shipped networks; both need no framework. `towers`,
`losses` and `train` need Keras, the extra `deep`. `metrics` judge all of them. `pages` and
`phishing` are lesson 24.
"""
