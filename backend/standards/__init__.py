"""Standards 标准: dated tables (``data/*.csv``) and pure functions on them, exact to the last digit.

Every table is a CSV file whose rows name the clause they come from and the day from which they hold, so a new
edition of a standard is new rows. Nothing is read before it is asked for.

aqi       AQI and IAQI 空气质量指数 by HJ 633-2012 and HJ 633-2026, levels 级别, sensitive groups 敏感人群
limits    GB 3095 limits 浓度限值 by stage and class
water     GB 3838 surface-water classes 水质类别
dust      site-dust rules 施工扬尘
validity  when a mean is valid 数据有效性, and whether it can still become so
flags     quality flags 质量标记, and the HJ 212 device flags
ranges    what a value of a parameter can be (for the quality checks)
rounding  GB/T 8170 rounding 数值修约 and exact numbers
"""
