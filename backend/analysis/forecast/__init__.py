"""The forecast 预报: every air station and pollutant, hour by hour, with its uncertainty.

`history` reads, `features` says what is known at an instant, `training` and `making` learn, `model` keeps, `points` and
`lessons` say what the weights and the last weeks' issues teach, `predicting` issues, `scoring` judges, `levels` turns
concentrations into AQI levels, `keeping` keeps issues as rows.
"""
